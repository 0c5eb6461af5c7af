import { expect, test } from 'vitest';
import { createLogger } from '../../../server/ops/logging.js';
import { api, type Said, type TossSession } from '../../support/world.js';
import { coffee, refused, useWorld } from './harness.js';

const lines: string[] = [];
const log = createLogger({ level: 'debug', destination: { write: (line: string) => void lines.push(line) } });
const here = useWorld({ log });

const home = { address: '서울 강남구 테헤란로 152', addressDetail: '강남파이낸스센터 9층', postcode: '06236' };

test('what was typed of an address reaches the merchant, and no list and no log', async () => {
  const shopper = await here.open({ buyer: { name: ' 김하나 ', ...home, address: ` ${home.address} ` } });
  const { paymentKey } = await shopper.agree();
  expect((await shopper.verify({ paymentKey })).body).toMatchObject({ status: 'paid', buyer: home });
  expect((await here.payment(shopper.id)).buyer).toEqual({ name: '김하나', ...home });
  const list = await here.backend('GET', '/payments');
  expect(JSON.stringify(list.body)).toContain(shopper.id);
  expect(JSON.stringify(list.body)).not.toContain('테헤란로');
  expect(lines.join('\n')).toContain(shopper.id);
  expect(lines.join('\n')).not.toMatch(/테헤란로|파이낸스|06236|김하나/);
});

test('a detail line that was emptied is gone, and one that was never filled in is not there', async () => {
  const shopper = await here.open({ buyer: home });
  const patch = (buyer: object) =>
    api<Said<TossSession>>(here.world.url, 'PATCH', `/payments/sessions/${shopper.session.id}`, {
      token: shopper.secret,
      body: { buyer },
    });
  expect((await patch({ addressDetail: '' })).body.buyer).toEqual({ address: home.address, postcode: home.postcode });
  expect((await patch({ addressDetail: ' 2F ' })).body.buyer).toEqual({ ...home, addressDetail: '2F' });
  const { body } = await here.page({ ...coffee, buyer: { name: '김하나', addressDetail: '' } });
  expect(body.buyer).toEqual({ name: '김하나' });
});

test.each(['06236', 'SW1A 1AA', '100-0001', '12345-6789', '0152', 'K1A 0B1'])(
  'the postcode %s is taken',
  async (postcode) => {
    const { status, body } = await here.page({ ...coffee, buyer: { postcode } });
    expect([status, body.buyer]).toEqual([201, { postcode }]);
  },
);

test.each([
  ['address', '가'.repeat(201)],
  ['address', 'one\ntwo'],
  ['address', ''],
  ['addressDetail', '층'.repeat(101)],
  ['addressDetail', 'one\ntwo'],
  ['addressDetail', 9],
  ['postcode', '1'.repeat(13)],
  ['postcode', '<b>'],
  ['postcode', ''],
])('%s is refused when it is %j, by its name', async (field, value) => {
  const answer = await here.page({ ...coffee, buyer: { ...home, [field]: value } });
  expect(answer).toMatchObject(refused(400, 'invalid_request'));
  expect(answer.body.errors?.map(({ path }) => path)).toEqual([`buyer.${field}`]);
});
