import type { RequestHandler } from 'express';
import { Router } from 'express';
import type { Outcome } from '../bank.js';
import { readInstrument } from '../instruments.js';
import type { Reply } from '../network.js';
import type { BankRecord } from '../record.js';
import { balanceOf } from '../record.js';
import { openWindow } from './open.js';
import { statusOf } from './payment.js';
import type { PortOneV2 } from './portone-v2.js';
import { provider, transactionOf } from './portone-v2.js';
import { readStore } from './register.js';
import type { V2Request } from './request.js';
import { demoStore } from './stores.js';

type Body = Record<string, unknown>;

const ok = (body: unknown): Reply => ({ status: 200, body });
const no = (status: number, code: string, message = code.replaceAll('_', ' ')): Reply => ({
  status,
  body: { code, message },
});

/** Our word for a method, as the SDK says it. */
const asked: Readonly<Record<string, object>> = {
  card: { payMethod: 'CARD' },
  transfer: { payMethod: 'TRANSFER' },
  virtual_account: { payMethod: 'VIRTUAL_ACCOUNT' },
  phone: { payMethod: 'MOBILE' },
  paypal: { payMethod: 'PAYPAL' },
  kakaopay: { payMethod: 'EASY_PAY', easyPay: { easyPayProvider: 'KAKAOPAY' } },
  naverpay: { payMethod: 'EASY_PAY', easyPay: { easyPayProvider: 'NAVERPAY' } },
  tosspay: { payMethod: 'EASY_PAY', easyPay: { easyPayProvider: 'TOSSPAY' } },
};

/** What a shopper, a bank or somebody at the console would do, for tests and the control page. Amounts in minor units. */
export function portOneV2Control(v2: PortOneV2): Router {
  /** By `txId`, or the payment's transaction; of `storeId` if two stores used one `paymentId`. */
  function find({ txId, paymentId, storeId }: Body): BankRecord | undefined {
    if (typeof txId === 'string') return v2.bank.get(txId);
    const newest = v2.bank.byOrderId(String(paymentId)).findLast((record) => record.provider === provider);
    const store = typeof storeId === 'string' ? storeId : newest?.merchant;
    return store === undefined ? undefined : transactionOf(v2, store, String(paymentId));
  }

  const withTransaction =
    (act: (record: BankRecord, body: Body) => Reply) =>
    (body: Body): Reply => {
      const record = find(body);
      return record?.provider === provider ? act(record, body) : no(404, 'PAYMENT_NOT_FOUND');
    };

  const told = (outcome: Outcome): Reply => {
    if (!outcome.ok) return no(409, outcome.why);
    const { record } = outcome;
    return ok({ txId: record.id, paymentId: record.orderId, status: statusOf(record, v2.extras.get(record.id)) });
  };

  function stores(body: Body): Reply {
    const store = readStore(body, v2.stores.get(String(body.storeId)));
    if (typeof store === 'string') return no(400, 'invalid', store);
    v2.stores.register(store);
    const { apiSecret: _apiSecret, webhookSecret: _webhookSecret, ...shown } = store;
    return ok(shown);
  }

  /** As the script would: `method` in our words, or `payMethod` and the SDK's other fields as they are. */
  function open({ amount, method = 'card', ...body }: Body): BankRecord | Reply {
    const storeId = body.storeId ?? demoStore.storeId;
    const request = {
      ...{ storeId, channelKey: v2.stores.get(String(storeId))?.channels[0]?.key, orderName: '테스트 주문' },
      ...{ totalAmount: amount, currency: 'KRW', ...asked[String(method)] },
      ...body,
    };
    const opened = openWindow(v2, request as V2Request, '*');
    return 'code' in opened ? { status: 400, body: opened } : opened.record;
  }

  function authenticate(record: BankRecord, body: Body): Reply {
    const instrument = readInstrument({ ...body, method: body.method ?? v2.windows.get(record.id)?.methods[0] });
    if ('refused' in instrument) return no(400, `unknown_${instrument.refused}`);
    const result = v2.windows.get(record.id)?.pay(instrument);
    if (result === undefined || typeof result === 'string') return no(409, result ?? 'not_found');
    return ok(result.detail);
  }

  const actions: Readonly<Record<string, (body: Body) => Reply>> = {
    stores,
    open(body) {
      const record = open(body);
      return 'status' in record
        ? record
        : ok({ txId: record.id, paymentId: record.orderId, path: `/window/${record.id}` });
    },
    pay(body) {
      const record = open(body);
      return 'status' in record ? record : authenticate(record, body);
    },
    authenticate: withTransaction(authenticate),
    leave: withTransaction((record) => ok(v2.windows.get(record.id)?.canceled().detail)),
    settle: withTransaction((record, { to }) => told(v2.bank.settle(record.id, to === 'failed' ? 'failed' : 'paid'))),
    deposit: withTransaction((record) => told(v2.bank.deposit(record.id))),
    cancel: withTransaction((record, body) => {
      const amount = body.amount === undefined ? balanceOf(record) : body.amount;
      if (!Number.isSafeInteger(amount)) return no(400, 'invalid', 'amount: minor units');
      const reason = typeof body.reason === 'string' ? body.reason : 'cancelled at the console';
      return told(v2.bank.cancel(record.id, { amount: amount as number, reason, by: 'console' }));
    }),
    'cancel/settle': withTransaction((record, { to }) => {
      const requested = record.cancellations.findLast((each) => each.state === 'requested');
      return told(v2.bank.settleCancel(record.id, String(requested?.key), to === 'failed' ? 'failed' : 'done'));
    }),
  };

  const router = Router();
  for (const [path, act] of Object.entries(actions)) {
    const handler: RequestHandler = async (req, res) => {
      const { status, body } = act((req.body ?? {}) as Body);
      await v2.webhooks.early();
      res.status(status).json(body);
    };
    router.post(`/${path}`, handler);
  }
  return router;
}
