import type { Locale } from '../../contract/index.js';
import type { BuyerField } from '../checkout/buyer-fields.js';

export interface InputTexts {
  quantity: string;
  less: string;
  more: string;
  buyerTitle: string;
  fields: Record<BuyerField, string>;
  findAddress: string;
  missing: Record<Exclude<BuyerField, 'addressDetail'>, string>;
  malformed: Record<BuyerField, string>;
}

const ko: InputTexts = {
  quantity: '수량',
  less: '하나 줄이기',
  more: '하나 늘리기',
  buyerTitle: '주문자 정보',
  fields: {
    name: '이름',
    email: '이메일',
    phone: '휴대폰 번호',
    postcode: '우편번호',
    address: '주소',
    addressDetail: '상세 주소 (선택)',
  },
  findAddress: '우편번호 찾기',
  missing: {
    name: '이름을 입력해 주세요.',
    email: '이메일을 입력해 주세요.',
    phone: '휴대폰 번호를 입력해 주세요.',
    postcode: '우편번호를 입력해 주세요.',
    address: '주소를 입력해 주세요.',
  },
  malformed: {
    name: '이름은 100자까지 쓸 수 있어요.',
    email: '이메일 주소를 다시 확인해 주세요. 예: name@example.com',
    phone: '휴대폰 번호를 다시 확인해 주세요. 예: 010-1234-5678',
    postcode: '우편번호를 다시 확인해 주세요. 예: 06236',
    address: '주소는 200자까지 쓸 수 있어요.',
    addressDetail: '상세 주소는 100자까지 쓸 수 있어요.',
  },
};

const en: InputTexts = {
  quantity: 'Quantity',
  less: 'One less',
  more: 'One more',
  buyerTitle: 'Your details',
  fields: {
    name: 'Name',
    email: 'E-mail',
    phone: 'Phone number',
    postcode: 'Postcode',
    address: 'Address',
    addressDetail: 'Flat, floor (optional)',
  },
  findAddress: 'Find address',
  missing: {
    name: 'Please enter your name.',
    email: 'Please enter your e-mail address.',
    phone: 'Please enter your phone number.',
    postcode: 'Please enter your postcode.',
    address: 'Please enter your address.',
  },
  malformed: {
    name: 'A name can have up to 100 characters.',
    email: 'Please check the e-mail address, such as name@example.com.',
    phone: 'Please check the phone number, such as 010-1234-5678.',
    postcode: 'Please check the postcode, such as 06236.',
    address: 'An address can have up to 200 characters.',
    addressDetail: 'This line can have up to 100 characters.',
  },
};

export const inputTexts: Readonly<Record<Locale, InputTexts>> = { ko, en };
