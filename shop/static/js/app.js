// The shop as an app: the service worker, its news, the button that installs.
(() => {
  const tell = (detail) => document.dispatchEvent(new CustomEvent("toast", { detail }));
  const words = document.getElementById("toasts")?.dataset ?? {};

  async function start() {
    // May answer nothing (switched off) or throw (private window): the shop works without.
    const registration = await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(() => null);
    if (!registration) return;
    const had = Boolean(navigator.serviceWorker.controller);
    let left = false;
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      if (had && !left) location.reload();
      left = true;
    });
    const offer = (worker) => tell({
      word: "updated", kind: "news", action: words.reload, press: () => worker.postMessage("take over"),
    });
    if (registration.waiting && had) offer(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const worker = registration.installing;
      worker?.addEventListener("statechange", () => {
        if (worker.state === "installed" && navigator.serviceWorker.controller) offer(worker);
      });
    });
  }

  // What was queued without a network: the browser wakes the worker by itself, or else we do.
  addEventListener("online", () => navigator.serviceWorker?.controller?.postMessage("send"));
  navigator.serviceWorker?.addEventListener("message", ({ data }) => {
    if (data !== "sent" && data !== "unsent") return;
    tell({ word: data, kind: data === "sent" ? "ok" : "err", href: "/cart/", action: words.cart });
    htmx.ajax("GET", location.href, { target: "#quick", select: "#quick", selectOOB: "#tabbar", swap: "outerHTML" });
  });
  document.addEventListener("cart:queued", () => tell({ word: "queued", kind: "offline" }));
  if (!navigator.onLine && words.stored && !document.body.classList.contains("plain")) {
    const kept = new Date(document.lastModified);
    tell({ text: `${words.stored} ${kept.toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" })}`, kind: "offline" });
  }
  if ("serviceWorker" in navigator) start();

  // Installing: the browser's own offer is kept until somebody presses our button.
  let offer = null;
  const boxes = () => document.querySelectorAll("[data-install]");
  const show = (yes) => { for (const box of boxes()) box.hidden = !yes; };
  const refused = () => localStorage.getItem("install") === "no";
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offer = event;
    show(!refused());
  });
  addEventListener("appinstalled", () => show(false));
  if (navigator.standalone === false) show(!refused()); // An iPhone makes no offer; we tell the way.
  document.addEventListener("click", async ({ target }) => {
    if (target.closest("[data-install-no]")) {
      localStorage.setItem("install", "no");
      show(false);
    } else if (target.closest("[data-install-go]")) {
      if (!offer) return tell({ word: "way", kind: "news" });
      await offer.prompt();
      if ((await offer.userChoice).outcome === "accepted") show(false);
    }
  });
})();
