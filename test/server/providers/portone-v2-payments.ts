/** A Payment object as PortOne V2 sends it, paid by card on a test channel; tests change what they are about. */
export const v2Payment = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  status: 'PAID',
  id: 'pay_01ABCDEFGHJKMNPQRSTVWXYZ00_1',
  transactionId: '0199-tx',
  merchantId: 'merchant-1',
  storeId: 'store-1',
  method: v2Card(),
  channel: v2Channel(),
  version: 'V2',
  requestedAt: '2026-01-01T03:00:00.1234567Z',
  updatedAt: '2026-01-01T03:01:00Z',
  statusChangedAt: '2026-01-01T03:01:00Z',
  orderName: '커피 2잔',
  amount: v2Amount(),
  currency: 'KRW',
  customer: {},
  paidAt: '2026-01-01T03:01:00.1234567Z',
  pgTxId: 'pg-1',
  receiptUrl: 'https://receipts.example/1',
  disputes: [],
  ...changes,
});

export const v2Amount = (changes: Record<string, unknown> = {}) => ({
  total: 12_000,
  taxFree: 0,
  vat: 1_091,
  supply: 10_909,
  discount: 0,
  paid: 12_000,
  cancelled: 0,
  cancelledTaxFree: 0,
  ...changes,
});

export const v2Channel = (changes: Record<string, unknown> = {}) => ({
  type: 'TEST',
  id: 'channel-id-1',
  key: 'channel-key-1',
  name: 'card',
  pgProvider: 'TOSSPAYMENTS',
  pgMerchantId: 'mid',
  ...changes,
});

export const v2Card = () => ({
  type: 'PaymentMethodCard',
  card: { publisher: 'SHINHAN_CARD', issuer: 'SHINHAN_CARD', number: '43301234****5678', name: '신한카드' },
  approvalNumber: '00000000',
  installment: { month: 3, isInterestFree: false },
});

export const v2Account = (changes: Record<string, unknown> = {}) => ({
  type: 'PaymentMethodVirtualAccount',
  bank: 'WOORI',
  accountNumber: 'X6505636518308',
  accountType: 'NORMAL',
  remitteeName: '박포원',
  issuedAt: '2026-01-01T03:00:00Z',
  expiredAt: '2026-01-04T03:00:00Z',
  ...changes,
});

export const v2Cancellation = (changes: Record<string, unknown> = {}) => ({
  status: 'SUCCEEDED',
  id: 'c-1',
  totalAmount: 5_000,
  taxFreeAmount: 0,
  vatAmount: 0,
  reason: 'rf_1 customer asked',
  requestedAt: '2026-01-02T03:00:00Z',
  cancelledAt: '2026-01-02T03:00:01Z',
  ...changes,
});
