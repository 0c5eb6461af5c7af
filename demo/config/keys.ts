/**
 * The keys of the demo's merchants. They are fixed and public, so that commands in the documentation can be copied; a real merchant's
 * secret keys are random and stay on its backend. The sandbox takes any pair of Toss keys whose halves match, and
 * has a store at PortOne V2 and an account at V1 of its own.
 */
export const demoKeys = {
  blog: {
    publishable: 'pk_demo_blog_2f7c91d04b',
    secret: 'sk_demo_blog_c1d5f0a97e3b4268a0b1',
    tossClient: 'test_ck_demo_blog',
    tossSecret: 'test_sk_demo_blog',
  },
  souvenirs: {
    publishable: 'pk_demo_souvenirs_8e3a60b5f2',
    secret: 'sk_demo_souvenirs_47b9e2c8d6f01a53e9c4',
    tossClient: 'test_gck_demo_souvenirs',
    tossSecret: 'test_gsk_demo_souvenirs',
  },
  items: {
    publishable: 'pk_demo_items_b61f08d93c',
    secret: 'sk_demo_items_5e20c7a94fd81b36c0e2',
  },
  theatre: {
    publishable: 'pk_demo_theatre_5d2b90c7a1',
    secret: 'sk_demo_theatre_9c0e6a4f2d815b73e8a6',
  },
} as const;

export type MerchantId = keyof typeof demoKeys;
export const merchantIds = Object.keys(demoKeys) as MerchantId[];

/** The shop's backend signs its shoppers' tokens with it. */
export const shopperTokenSecret = 'demo-shopper-tokens-are-signed-with-this-and-open-nothing';
