import type { PayCheckout } from '../../widget/index.js';
import { item } from '../support/shop-server.js';
import {
  button,
  card,
  click,
  expect,
  find,
  finds,
  focused,
  form,
  goOnline,
  inState,
  pay,
  payButton,
  place,
  press,
  ready,
  server,
  text,
  type,
  until,
  windows,
} from './support/page.js';
import { instead, saying, scenes } from './support/scenes.js';

const input = (element: PayCheckout, id: string) => find<HTMLInputElement>(element, `#${id}`);
const chosen = (element: PayCheckout) => find<HTMLInputElement>(element, 'input[type=radio]:checked').value;

describe('with the keyboard alone', () => {
  it('a shopper fills in, chooses, pays, closes the window, tries again and pays', async () => {
    const element = await form({ collect: 'name email', 'quantity-editable': true });
    const order: string[] = [];
    const next = async () => {
      await press('Tab');
      const now = focused();
      order.push(
        now?.getAttribute('aria-labelledby') ||
          now?.id ||
          now?.getAttribute('aria-label') ||
          (now as HTMLInputElement).value ||
          '',
      );
    };
    await next();
    await next();
    await next();
    await press('Enter');
    await next();
    await type('김민지');
    await next();
    await type('minji@example.com');
    await next();
    expect(order).to.deep.equal(['하나 줄이기', 'quantity', '하나 늘리기', 'name', 'email', 'card']);
    await press('ArrowDown', 'ArrowDown');
    expect(chosen(element)).to.equal('naverpay');
    await press('Tab');
    expect(focused()).to.equal(payButton(element));
    await ready(element);
    await until(() => payButton(element).innerText === '25,800원 결제하기', 'the price of two');
    server.found = {};
    await press('Enter');
    await inState(element, 'paying');
    expect(windows.opened).to.have.length(1);
    const prepared = server.requests('POST /payments/sessions/').filter(({ path }) => path.endsWith('/prepare'));
    expect(prepared.at(-1)?.body).to.include({ method: 'naverpay' });
    windows.last.refuse('USER_CANCEL');
    await inState(element, 'canceled');
    await until(() => focused() === find(element, 'h2'), 'the focus on the result');
    await press('Tab', 'Enter');
    await inState(element, 'form');
    await until(() => focused() === find(element, 'input:checked'), 'the focus on the chosen method');
    expect(chosen(element)).to.equal('naverpay');
    expect(input(element, 'name').value).to.equal('김민지');
    server.found = { status: 'paid' };
    await press('Tab', 'Enter');
    await inState(element, 'paying');
    windows.last.end();
    await inState(element, 'success');
    await until(() => focused() === find(element, 'h2'), 'the focus on the receipt');
    await press('Tab');
    expect((focused() as HTMLElement).innerText).to.equal('인쇄하기');
  });

  it('methods are one group with a name, one stop of Tab, and the arrows choose', async () => {
    const element = await form();
    const radios = finds(element, 'input[type=radio]');
    expect(radios).to.have.length(7);
    const group = radios[0]?.closest('fieldset');
    expect(group?.querySelector('legend')?.textContent).to.equal('결제 수단');
    await press('Tab');
    expect(focused()).to.equal(radios[0]);
    await press('ArrowRight');
    expect(chosen(element)).to.equal('kakaopay');
    await press('ArrowLeft', 'ArrowLeft');
    expect(chosen(element)).to.equal('phone');
    await press('Tab');
    expect(focused()).to.equal(payButton(element));
    await press('Shift+Tab');
    expect((focused() as HTMLInputElement).value).to.equal('phone');
  });

  it('Enter in a field pays, and the focus waits on the button until the result is there', async () => {
    const element = await ready(await form({ collect: 'name', 'buyer-name': '김민지' }));
    input(element, 'name').focus();
    await press('Enter');
    await inState(element, 'paying');
    expect(focused()).to.equal(payButton(element));
    await press('Enter', 'Enter');
    expect(windows.opened).to.have.length(1);
    windows.last.end();
    await inState(element, 'success');
    await until(() => focused() === find(element, 'h2'), 'the focus on the receipt');
  });

  it('a window that could not be opened leaves the focus on the button', async () => {
    server.script = `http://127.0.0.1:9/${Math.random()}.js`;
    const element = await form({ collect: 'name', 'buyer-name': '김민지' });
    input(element, 'name').focus();
    await press('Enter');
    await saying(element, '광고 차단');
    expect(focused()).to.equal(payButton(element));
  });

  it('another try at what could not be loaded keeps the shopper in the checkout', async () => {
    const element = await scenes['no network']?.show({ locale: 'ko' });
    if (!element) throw new Error('no scene');
    button(element, '다시 시도하기').focus();
    await press('Enter');
    await saying(element, '인터넷에 연결되어 있지 않아요');
    expect(focused()).to.equal(find(element, 'h2'));
    goOnline(true);
    await inState(element, 'form');
    await until(() => element.matches(':focus-within'), 'the focus in the checkout');
  });

  it('what another element has is not taken away by news of a deposit', async () => {
    const element = await scenes.account?.show({ locale: 'ko' });
    if (!element) throw new Error('no scene');
    const search = document.createElement('input');
    document.body.append(search);
    search.focus();
    server.change('cs_1', { status: 'paid' });
    await inState(element, 'success');
    await saying(element, '결제가 완료됐어요');
    expect(focused()).to.equal(search);
  });

  it('what has the focus can be seen to have it', async () => {
    const element = await form({ collect: 'name', 'quantity-editable': true });
    for (let stop = 0; stop < 6; stop += 1) {
      await press('Tab');
      const now = focused() as HTMLElement;
      const drawn = now.matches('[type=radio]') ? now.closest('label') : now;
      const { outlineStyle, outlineWidth } = getComputedStyle(drawn as HTMLElement);
      expect(`${outlineStyle} ${outlineWidth}`).to.equal('solid 3px');
    }
    expect(focused()).to.equal(payButton(element));
  });
});

describe('fields', () => {
  it('say to the browser and the phone what they are', async () => {
    const element = await form({ collect: 'name email phone postcode address' });
    const said = finds(element, '.field input').map((each) => {
      const { id, type: kind, autocomplete, inputMode, labels, required, maxLength } = each as HTMLInputElement;
      return [id, kind, autocomplete, inputMode, labels?.[0]?.textContent, required, maxLength];
    });
    expect(said).to.deep.equal([
      ['name', 'text', 'name', 'text', '이름', true, 100],
      ['email', 'email', 'email', 'email', '이메일', true, 100],
      ['phone', 'tel', 'tel', 'tel', '휴대폰 번호', true, 40],
      ['postcode', 'text', 'postal-code', 'numeric', '우편번호', true, 12],
      ['address', 'text', 'address-line1', 'text', '주소', true, 200],
      ['addressDetail', 'text', 'address-line2', 'text', '상세 주소 (선택)', false, 100],
    ]);
    for (const each of finds(element, '.field input'))
      expect(Number.parseFloat(getComputedStyle(each).fontSize)).to.be.at.least(16);
  });

  it('take letters in a postcode from whoever reads no Korean, or pays in another currency', async () => {
    const english = await form({ collect: 'postcode', locale: 'en' });
    server.items.set('coffee', { ...item, currency: 'USD' });
    const dollars = await form({ collect: 'postcode' });
    expect([english, dollars].map((element) => input(element, 'postcode').inputMode)).to.deep.equal(['text', 'text']);
  });

  it('Enter goes on to the next field that wants something, as its key says, and pays from the last', async () => {
    const element = await ready(await form({ collect: 'name email address', 'buyer-email': 'minji@example.com' }));
    const key = () => (focused() as HTMLInputElement).enterKeyHint;
    input(element, 'name').focus();
    await type('김민지');
    expect(key()).to.equal('next');
    await press('Enter');
    expect(focused()).to.equal(input(element, 'address'));
    await type('테헤란로 152');
    expect(key()).to.equal('next');
    await press('Enter');
    expect(focused()).to.equal(input(element, 'addressDetail'));
    expect(key()).to.equal('go');
    expect(finds(element, '[part=error]')).to.have.length(0);
    await press('Enter');
    await inState(element, 'paying');
  });

  it('each that is wrong says why, where it is; the first of them gets the focus, and no window opens', async () => {
    const element = await ready(
      await form({ collect: 'name email phone', 'buyer-name': '김민지', 'buyer-email': 'minji' }),
    );
    await click(payButton(element));
    await element.updateComplete;
    expect(focused()).to.equal(input(element, 'email'));
    const errors = ['name', 'email', 'phone'].map((id) => {
      const { ariaInvalid } = input(element, id);
      const by = input(element, id).getAttribute('aria-describedby');
      return [id, ariaInvalid, by && find(element, `#${by}`).innerText];
    });
    expect(errors).to.deep.equal([
      ['name', 'false', null],
      ['email', 'true', '이메일 주소를 다시 확인해 주세요. 예: name@example.com'],
      ['phone', 'true', '휴대폰 번호를 입력해 주세요.'],
    ]);
    expect(windows.opened).to.have.length(0);
    expect(element.state).to.equal('form');
  });

  it('the least and the most keep the focus where it is', async () => {
    const element = await form({ quantity: '2', 'quantity-editable': true });
    finds(element, '.stepper button')[0]?.focus();
    await press('Enter', 'Enter');
    await until(() => find<HTMLInputElement>(element, '.stepper input').value === '1', 'the least');
    await element.updateComplete;
    expect(focused()?.ariaLabel).to.equal('하나 줄이기');
    expect(focused()?.ariaDisabled).to.equal('true');
  });

  it('an error goes as soon as it is being mended', async () => {
    const element = await ready(await form({ collect: 'name' }));
    await click(payButton(element));
    await element.updateComplete;
    await type('김');
    await element.updateComplete;
    expect(input(element, 'name').ariaInvalid).to.equal('false');
    expect(finds(element, '[part=error]')).to.have.length(0);
  });

  it('a refund account is asked for with a label for each field, and an error that is read out', async () => {
    const element = await scenes['refund account']?.show({ locale: 'ko' });
    if (!element) throw new Error('no scene');
    await saying(element, '환불 계좌 보내기');
    await click(button(element, '환불 계좌 보내기'));
    expect(focused()?.tagName).to.equal('SELECT');
    expect(find(element, '[part=refund] [role=alert]').innerText).to.contain('모두 입력해 주세요');
    const wrong = () =>
      finds(element, '[part=refund] [aria-invalid=true]').map((each) => (each as HTMLInputElement).name);
    expect(wrong()).to.deep.equal(['bank', 'number', 'holder']);
    const kinds = finds(element, '[part=refund] input').map((each) => [
      (each as HTMLInputElement).labels?.[0]?.textContent,
      (each as HTMLInputElement).inputMode,
      (each as HTMLInputElement).autocomplete,
    ]);
    expect(kinds).to.deep.equal([
      ['계좌번호', 'numeric', 'off'],
      ['예금주', '', 'name'],
    ]);
    find<HTMLSelectElement>(element, 'select').value = 'KAKAO';
    await press('Tab');
    await type('12');
    await press('Tab');
    await type('김민지');
    await press('Enter');
    expect(wrong()).to.deep.equal(['number']);
    expect((focused() as HTMLInputElement).name).to.equal('number');
    await type('3333-01-2345678');
    expect(wrong()).to.deep.equal([]);
    await press('Enter');
    await saying(element, '환불을 진행하고 있어요');
    const [sent] = server.requests('POST /payments/sessions/cs_1/refunds/rf_1/account');
    expect(sent?.body).to.deep.equal({ bank: 'KAKAO', number: '123333-01-2345678', holder: '김민지' });
  });
});

describe('a screen reader hears', () => {
  const statuses = (element: PayCheckout) => finds(element, '[role=status], [role=alert]');

  it('of the window and the question by a region that was there before', async () => {
    const element = await ready(await form());
    const region = find(element, '[role=status]');
    expect(region.textContent).to.equal('');
    await click(payButton(element));
    await inState(element, 'paying');
    expect(find(element, '[role=status]')).to.equal(region);
    expect(region.textContent).to.equal('결제창에서 결제를 진행해 주세요');
    instead('POST /payments/verify', 'never');
    windows.last.end();
    await inState(element, 'verifying');
    expect(region.textContent).to.equal('결제를 확인하고 있어요');
  });

  it('of what stands in the way by a region that was there before', async () => {
    const element = await form();
    const region = find(element, '[role=alert]');
    expect(region.innerText).to.equal('');
    goOnline(false);
    await click(payButton(element));
    await saying(element, '인터넷에 연결되어 있지 않아요');
    expect(find(element, '[role=alert]')).to.equal(region);
    expect(region.innerText).to.contain('인터넷에 연결되어 있지 않아요');
  });

  it('that it is loading, and that it is busy', async () => {
    instead('GET /catalog', 'never');
    const element = place();
    await element.updateComplete;
    expect(statuses(element).some(({ textContent }) => textContent === '주문 정보를 불러오고 있어요')).to.equal(true);
    expect(card(element).ariaBusy).to.equal('true');
  });

  it('nothing of the countdown unless it asks', async () => {
    const element = await scenes.account?.show({ locale: 'ko' });
    if (!element) throw new Error('no scene');
    await until(() => finds(element, '[role=timer]').length === 1, 'a countdown');
    expect(find(element, '[role=timer]').getAttribute('aria-live')).to.equal(null);
  });

  it('of a deposit that arrived while another element has the focus', async () => {
    const element = await scenes.account?.show({ locale: 'ko' });
    if (!element) throw new Error('no scene');
    const search = document.createElement('input');
    document.body.append(search);
    search.focus();
    server.change('cs_1', { status: 'paid' });
    await inState(element, 'success');
    await saying(element, '결제가 완료됐어요');
    expect(statuses(element).map(({ textContent }) => textContent)).to.include('결제가 완료됐어요');
  });

  it('the words of each button that has only a sign', async () => {
    const element = await form({ 'quantity-editable': true });
    const signs = finds(element, 'button').filter(({ innerText }) => !/[가-힣]/.test(innerText));
    expect(signs.map(({ ariaLabel }) => ariaLabel)).to.deep.equal(['하나 줄이기', '하나 늘리기']);
    expect(text(element)).to.contain('수량');
  });
});

describe('the pay button', () => {
  it('asks for the window before the click is over, when all is prepared', async () => {
    const element = await ready(await form());
    payButton(element).click();
    expect(windows.opened).to.have.length(1);
    expect(element.state).to.equal('paying');
  });

  it('pressed twice opens one window', async () => {
    const element = await ready(await form());
    payButton(element).click();
    payButton(element).click();
    await inState(element, 'paying');
    expect(windows.opened).to.have.length(1);
    expect(
      server.requests('POST /payments/sessions').filter(({ path }) => path === '/payments/sessions'),
    ).to.have.length(1);
  });

  it('pressed before anything is prepared waits for it, and opens the window', async () => {
    const element = await form();
    await click(payButton(element));
    await inState(element, 'paying');
    expect(windows.opened).to.have.length(1);
  });

  it('says the price of what it pays', async () => {
    const element = await pay(await form({ quantity: 3 }));
    expect(windows.last.request.amount).to.deep.equal({ currency: 'KRW', value: 38_700 });
    expect(element.state).to.equal('paying');
  });
});
