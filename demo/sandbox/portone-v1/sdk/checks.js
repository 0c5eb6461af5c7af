const filled = (value) => typeof value === 'string' && value !== '';
const isPage = (value) => filled(value) && /^https?:\/\//.test(value);

/** What the script itself looks at, before it asks anybody: the parameter that is wrong, or undefined. */
export function mistakeInRequest(params, mobile) {
  if (!filled(params.channelKey) && !filled(params.pg)) return 'channelKey';
  if (!filled(params.merchant_uid) || params.merchant_uid.length > 40) return 'merchant_uid';
  if (!filled(params.name)) return 'name';
  // A string is not taken for a number here.
  if (typeof params.amount !== 'number' || !(params.amount > 0)) return 'amount';
  if (mobile && !isPage(params.m_redirect_url)) return 'm_redirect_url';
  return undefined;
}

/** Found in the document, not in shadow roots: as the real one. Throws what the page's author must mend. */
export function findContainer(type) {
  if (document.getElementById?.('paypal')) throw new Error('id가 paypal인 요소가 있으면 안 됩니다.');
  const all = [...document.querySelectorAll('.portone-ui-container')];
  const [first, ...more] = all.filter((each) => (each.dataset.portoneUiType ?? type) === type);
  if (!first || more.length > 0)
    throw new Error(
      first
        ? `portone-ui-container가 여러 개입니다. data-portone-ui-type으로 구분하세요: ${type}`
        : `portone-ui-container 클래스를 가진 요소를 찾을 수 없습니다: ${type}`,
    );
  return first;
}
