/**
 * Real browsers keep a window shut that no click asked for. Browsers without the API are let through.
 * Must be asked before anything is awaited.
 */
export function insideClick() {
  return window.navigator.userActivation?.isActive ?? true;
}

export function onMobile() {
  return window.navigator.userAgentData?.mobile || /Android|iPhone|iPad|iPod|Mobile/i.test(window.navigator.userAgent);
}

/** Asks the sandbox for a window. A refusal comes back as `{ code, message }`, an unreachable sandbox rejects. */
export async function askForWindow(url, request) {
  const response = await window.fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  return response.json();
}

/** The page goes away; nothing after it may run. */
export function leave(url) {
  window.location.assign(url);
  return new Promise(() => {});
}
