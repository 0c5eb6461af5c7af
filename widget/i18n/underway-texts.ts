import type { WindowObstacle } from '../checkout/outcomes.js';
import type { Notice } from '../checkout/snapshot.js';

/** What is said from the first press on. */
export interface UnderwayTexts {
  openWindow: string;
  paying: string;
  noWindow: string;
  check: string;
  verifying: string;
  verifyingSlow: string;
  offlineWait: string;
  outside: string;
  notices: Record<Exclude<Notice['kind'], 'obstacle'> | WindowObstacle, string>;
}

/** Korean; another language brings its own: `Texts.underway`. */
export const underwayTexts: UnderwayTexts = {
  openWindow: '결제창 열기',
  paying: '결제창에서 결제를 진행해 주세요',
  noWindow: '결제창이 보이지 않나요?',
  check: '결제 상태 확인하기',
  verifying: '결제를 확인하고 있어요',
  verifyingSlow: '확인이 조금 길어지고 있어요. 다시 결제하지 말고 잠시만 기다려 주세요.',
  offlineWait: '인터넷이 끊겼어요. 다시 연결되면 이어서 확인할게요.',
  outside: '다른 브라우저로 열기',
  notices: {
    script_blocked: '광고 차단 프로그램이나 네트워크 설정이 결제창을 막았어요. 차단을 끄고 다시 눌러 주세요.',
    window_blocked: '브라우저가 결제창을 막았어요. 한 번 더 눌러 주세요.',
    priceChanged: '금액이 바뀌었어요. 확인하고 다시 눌러 주세요.',
    mismatch: '돌아온 결제 정보가 주문과 달라 진행하지 않았어요. 결제된 금액은 없어요.',
    unfinished: '아직 결제가 끝나지 않았어요. 이어서 결제할 수 있어요.',
    methodGone: '지금은 이 결제 수단을 쓸 수 없어요. 다른 수단을 선택해 주세요.',
    agreement: '결제 수단과 필수 약관을 확인해 주세요.',
    depositNotYet: '아직 입금이 확인되지 않았어요.',
  },
};
