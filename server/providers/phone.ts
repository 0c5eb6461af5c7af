const bare = (phone: string): string => phone.replace(/[\s().-]/g, '');

/** Digits, 8 to 15; Korean numbers in their domestic form: +82 10… is 010…. `undefined` for what is none. */
export function koreanPhone(phone: string): string | undefined {
  const digits = bare(phone)
    .replace(/^\+820?/, '0')
    .replace(/^\+/, '');
  return /^\d{8,15}$/.test(digits) ? digits : undefined;
}

/** E.164; a number without a country is Korean. `undefined` for what is none. */
export function worldPhone(phone: string): string | undefined {
  const number = bare(phone).replace(/^0/, '+82');
  return /^\+[1-9]\d{7,14}$/.test(number) ? number : undefined;
}
