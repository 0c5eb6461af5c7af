import type { FaultPoint } from '../faults.js';
import type { Language } from '../html.js';
import type { DeliveryState } from '../webhooks/delivery.js';

export interface ControlTexts {
  readonly title: string;
  readonly intro: string;
  readonly other: string;
  readonly clock: string;
  readonly now: string;
  readonly faults: string;
  readonly faultsHint: string;
  readonly points: Readonly<Record<FaultPoint, string>>;
  readonly armed: string;
  readonly none: string;
  readonly clear: string;
  readonly latency: string;
  readonly set: string;
  readonly books: string;
  readonly totals: string;
  readonly everyProvider: string;
  readonly received: string;
  readonly net: string;
  readonly empty: string;
  readonly columns: Readonly<
    Record<'order' | 'provider' | 'amount' | 'state' | 'method' | 'cancelled' | 'time' | 'actions', string>
  >;
  readonly states: Readonly<Record<string, string>>;
  readonly deposit: string;
  readonly reverse: string;
  readonly refund: string;
  readonly approve: string;
  readonly reject: string;
  readonly webhooks: string;
  readonly webhooksHint: string;
  readonly noWebhooks: string;
  readonly webhookColumns: Readonly<Record<'event' | 'target' | 'attempts', string>>;
  readonly deliveryStates: Readonly<Record<DeliveryState, string>>;
  readonly next: string;
  readonly resend: string;
  readonly reset: string;
  readonly refresh: string;
  readonly failed: string;
}

export const controlTexts: Readonly<Record<Language, ControlTexts>> = {
  ko: {
    title: '결제 샌드박스',
    intro: '실제 돈은 움직이지 않습니다. 결제사를 흉내 내고, 원하는 대로 고장 내 볼 수 있습니다.',
    other: 'English',
    clock: '시계',
    now: '샌드박스 시각',
    faults: '고장',
    faultsHint: '누르면 다음 호출 한 번이 그렇게 실패합니다.',
    points: {
      confirm: '승인',
      lookup: '조회',
      list: '거래 목록',
      cancel: '취소',
      pre_register: '사전 등록',
      token: '액세스 토큰',
      approve: '자동 승인',
      webhook: '웹훅',
    },
    armed: '대기 중인 고장',
    none: '없음',
    clear: '모두 해제',
    latency: '응답 지연 (ms)',
    set: '적용',
    books: '장부',
    totals: '합계',
    everyProvider: '모든 결제사',
    received: '받은 돈',
    net: '남은 돈',
    empty: '아직 결제가 없습니다.',
    columns: {
      order: '주문',
      provider: '결제사',
      amount: '금액',
      state: '상태',
      method: '수단',
      cancelled: '취소',
      time: '시각',
      actions: '작업',
    },
    states: {
      opened: '창 열림',
      authenticated: '인증됨',
      pending: '승인 대기',
      awaiting_deposit: '입금 대기',
      paid: '결제 완료',
      failed: '거절',
      expired: '만료',
      closed: '계좌 취소',
    },
    deposit: '입금',
    reverse: '입금 오류',
    refund: '전액 취소',
    approve: '승인',
    reject: '거절',
    webhooks: '웹훅',
    webhooksHint: '이 컴퓨터의 주소로만 보냅니다. 실패하면 결제사의 간격대로 다시 보냅니다.',
    noWebhooks: '아직 보낸 웹훅이 없습니다.',
    webhookColumns: { event: '이벤트', target: '주소', attempts: '시도' },
    deliveryStates: {
      waiting: '대기',
      sending: '보내는 중',
      delivered: '전달됨',
      given_up: '포기',
      dropped: '보내지 않음',
      refused: '거부된 주소',
    },
    next: '다음 시도',
    resend: '다시 보내기',
    reset: '모두 지우기',
    refresh: '새로 고침',
    failed: '하지 못했습니다',
  },
  en: {
    title: 'Payment sandbox',
    intro: 'No real money moves. It plays the payment providers, and misbehaves as you wish.',
    other: '한국어',
    clock: 'Clock',
    now: 'Sandbox time',
    faults: 'Faults',
    faultsHint: 'Press one, and the next such call fails that way, once.',
    points: {
      confirm: 'Confirm',
      lookup: 'Lookup',
      list: 'List',
      cancel: 'Cancel',
      pre_register: 'Pre-register',
      token: 'Access token',
      approve: 'Automatic approval',
      webhook: 'Webhook',
    },
    armed: 'Armed',
    none: 'none',
    clear: 'Clear all',
    latency: 'Latency (ms)',
    set: 'Set',
    books: 'Books',
    totals: 'Totals',
    everyProvider: 'All providers',
    received: 'received',
    net: 'net',
    empty: 'No payments yet.',
    columns: {
      order: 'Order',
      provider: 'Provider',
      amount: 'Amount',
      state: 'State',
      method: 'Method',
      cancelled: 'Canceled',
      time: 'Time',
      actions: 'Actions',
    },
    states: {
      opened: 'opened',
      authenticated: 'authenticated',
      pending: 'approval pending',
      awaiting_deposit: 'awaiting deposit',
      paid: 'paid',
      failed: 'declined',
      expired: 'expired',
      closed: 'account closed',
    },
    deposit: 'Deposit',
    reverse: 'Reverse deposit',
    refund: 'Cancel all',
    approve: 'Approve',
    reject: 'Reject',
    webhooks: 'Webhooks',
    webhooksHint: 'Sent to this machine only, and again as often as the provider would.',
    noWebhooks: 'No webhooks yet.',
    webhookColumns: { event: 'Event', target: 'Address', attempts: 'Attempts' },
    deliveryStates: {
      waiting: 'waiting',
      sending: 'sending',
      delivered: 'delivered',
      given_up: 'given up',
      dropped: 'not sent',
      refused: 'refused address',
    },
    next: 'next',
    resend: 'Send again',
    reset: 'Erase everything',
    refresh: 'Refresh',
    failed: 'Could not be done',
  },
};
