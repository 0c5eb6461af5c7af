/** How a call ends whose window never opens: there is no `imp_uid` for it. The callback hears of it later, never inside the call. */
export function endEarly(callback, { merchant_uid }, error_code, error_msg) {
  Promise.resolve().then(() => callback?.({ imp_uid: null, merchant_uid, error_code, error_msg }));
}
