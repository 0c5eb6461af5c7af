import { describe, expect, test } from 'vitest';

describe('the widget’s modules on a server, which has no page', () => {
  test('import of the classes and of what registers them does nothing and needs nothing', async () => {
    expect([typeof globalThis.window, typeof globalThis.document, typeof globalThis.customElements]).toEqual([
      'undefined',
      'undefined',
      'undefined',
    ]);
    const classes = await import('../../../widget/index.js');
    await import('../../../widget/define.js');
    await import('../../../widget/define-history.js');
    expect([typeof classes.PayCheckout, typeof classes.PayHistory]).toEqual(['function', 'function']);
    expect(classes.version).toMatch(/^\d+\.\d+\.\d+$/);
    // Lit brings a registry of its own there.
    expect(globalThis.customElements?.get('pay-checkout')).toBe(undefined);
    expect(typeof globalThis.window).toBe('undefined');
  });

  test('the table of a framework can be built of its attributes', async () => {
    const { PayCheckout } = await import('../../../widget/index.js');
    expect([...PayCheckout.observedAttributes]).toEqual(expect.arrayContaining(['merchant', 'success-url']));
  });
});
