import type {
  TossPaymentsWidgets,
  WidgetAgreementWidget,
  WidgetPaymentMethodWidget,
} from '@tosspayments/tosspayments-sdk';
import type { TossLaunch } from '../../contract/index.js';
import type { Mounted, MountHandlers, MountPlaces, Unavailable } from './launcher.js';
import { whyUnavailable } from './toss-errors.js';
import { isToss, type Opener, request, scriptMissing, sdkOf, wrongLaunch } from './toss-request.js';

/** Toss's own methods and terms in the page: a chunk of its own, which its payment window does not need. */
export async function draw(
  launch: TossLaunch,
  places: MountPlaces,
  handlers: MountHandlers,
): Promise<Mounted | Unavailable> {
  try {
    const widgets = sdkOf(launch)?.widgets({ customerKey: launch.customerKey });
    return widgets ? await drawParts(widgets, launch, places, handlers) : scriptMissing;
  } catch (error) {
    return whyUnavailable(error);
  }
}

/** Both parts of the widget; where one can't be drawn, the other goes away again. */
async function drawParts(
  widgets: TossPaymentsWidgets,
  launch: TossLaunch,
  places: MountPlaces,
  { onReady }: MountHandlers,
): Promise<Mounted> {
  const drawn: (WidgetPaymentMethodWidget | WidgetAgreementWidget)[] = [];
  const unmount = () => {
    // A widget that can't be destroyed is gone with its element.
    for (const each of drawn.splice(0)) each.destroy().catch(() => {});
  };
  let { amount } = launch;
  const setAmount = async (next: TossLaunch['amount']) => {
    await widgets.setAmount(next);
    amount = next;
  };
  try {
    await setAmount(amount);
    // One after the other: Toss runs one command at a time. The variants are those that every merchant has.
    const methods = await widgets.renderPaymentMethods({ selector: `#${places.methods.id}`, variantKey: 'DEFAULT' });
    drawn.push(methods);
    const terms = await widgets.renderAgreement({ selector: `#${places.agreement.id}`, variantKey: 'AGREEMENT' });
    drawn.push(terms);
    let agreed: boolean | undefined;
    terms.on('agreementStatusChange', ({ agreedRequiredTerms }) => {
      agreed = agreedRequiredTerms;
      onReady(agreed);
    });
    // Where the terms have nothing to say, nothing is in the way: `requestPayment` itself refuses without them.
    if (agreed === undefined) onReady(true);
  } catch (error) {
    unmount();
    throw error;
  }
  return {
    unmount,
    async open(next, context) {
      if (!isToss(next)) return wrongLaunch;
      const late = next.amount.value !== amount.value || next.amount.currency !== amount.currency;
      try {
        if (late) await setAmount(next.amount);
      } catch (error) {
        return whyUnavailable(error);
      }
      return request(next, context, () => widgets as unknown as Opener);
    },
    async update(next) {
      if (!isToss(next)) return wrongLaunch;
      try {
        await setAmount(next.amount);
        return undefined;
      } catch (error) {
        return whyUnavailable(error);
      }
    },
  };
}
