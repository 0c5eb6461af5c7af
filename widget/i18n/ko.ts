import type { Texts } from './texts.js';

/** Compiled in: the language of most pages, and the one that is shown until another has come. */
export const ko: Texts = {
  label: '결제',
  loading: '주문 정보를 불러오고 있어요',
  total: '결제 금액',
  methodsTitle: '결제 수단',
  pay: (amount) => `${amount} 결제하기`,
  preparing: '결제를 준비하고 있어요',
  opening: '결제창을 여는 중이에요',
  safe: '카드 정보는 결제사에서 안전하게 처리돼요',
  retry: '다시 시도하기',
  unavailable: '결제 화면을 불러오지 못했어요',
  methods: {
    card: '카드',
    kakaopay: '카카오페이',
    naverpay: '네이버페이',
    tosspay: '토스페이',
    transfer: '계좌이체',
    virtual_account: '가상계좌',
    phone: '휴대폰',
    paypal: 'PayPal',
  },
  obstacles: {
    offline: '인터넷에 연결되어 있지 않아요. 연결되면 이어서 결제할 수 있어요.',
    server: '결제 서버에 연결하지 못했어요. 잠시 후 다시 시도해 주세요.',
    script_timeout: '결제창이 응답하지 않아요. 네트워크를 확인하고 다시 누르거나 새로고침해 주세요.',
  },
};
