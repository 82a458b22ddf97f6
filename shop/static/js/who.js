// A page of another sign-in, kept by the back button or left open in a tab, shows itself no more.
(() => {
  const page = document.documentElement;
  const now = () => document.cookie.match(/(?:^|; )who=([^;]*)/)?.[1] ?? "";

  function check() {
    const shown = page.dataset.who;
    if (shown === undefined || shown === now()) return;
    // This very page is signing in or out: it is about to be changed anyway.
    if (document.querySelector("form[data-sent], .htmx-request")) return;
    // Nothing personal stands on a stranger's page: it may stay while there is no network.
    if (shown === "" && !navigator.onLine) return;
    page.hidden = true;
    location.reload();
  }

  addEventListener("pageshow", (event) => { if (event.persisted) check(); });
  addEventListener("focus", check);
  // Signed out in the window beside this one. Not at once: a page that did it itself is about to be changed.
  globalThis.cookieStore?.addEventListener("change", () => setTimeout(check, 800));
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") check(); });
  // Signed in by the popup: the parts of the page that know the customer were replaced just now.
  document.addEventListener("auth:changed", ({ detail }) => { page.dataset.who = detail.who; });
})();
