/** An address as a postcode search knows it. */
export interface Address {
  readonly postcode: string;
  readonly address: string;
}

/** A few public buildings: the search is the shop's own, and works offline. A real shop asks a postcode service. */
const addresses: readonly Address[] = [
  { postcode: '04524', address: '서울특별시 중구 세종대로 110' },
  { postcode: '03045', address: '서울특별시 종로구 사직로 161' },
  { postcode: '07233', address: '서울특별시 영등포구 의사당대로 1' },
  { postcode: '05551', address: '서울특별시 송파구 올림픽로 300' },
  { postcode: '06579', address: '서울특별시 서초구 반포대로 201' },
  { postcode: '13529', address: '경기도 성남시 분당구 판교역로 166' },
  { postcode: '16490', address: '경기도 수원시 팔달구 효원로 241' },
  { postcode: '21554', address: '인천광역시 남동구 정각로 29' },
  { postcode: '35242', address: '대전광역시 서구 둔산로 100' },
  { postcode: '47545', address: '부산광역시 연제구 중앙대로 1001' },
  { postcode: '41911', address: '대구광역시 중구 공평로 88' },
  { postcode: '61945', address: '광주광역시 서구 내방로 111' },
  { postcode: '63122', address: '제주특별자치도 제주시 문연로 6' },
  { postcode: '63309', address: '제주특별자치도 제주시 첨단로 242' },
  { postcode: '63584', address: '제주특별자치도 서귀포시 중앙로 105' },
];

const most = 8;

/** Those in which every word of the question occurs, in the address or as its postcode. */
export function findAddresses(question: string): readonly Address[] {
  const words = question.split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return addresses
    .filter(({ postcode, address }) => words.every((word) => address.includes(word) || postcode.startsWith(word)))
    .slice(0, most);
}
