// Every request of htmx: a key by which the server knows a repeat, and plain words when it fails.
(() => {
  const tell = (detail) => document.dispatchEvent(new CustomEvent("toast", { detail }));

  function key() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
    if (ctx.request.method === "POST") ctx.request.headers["Idempotency-Key"] = key();
  });

  // A page of a fault is no part of this page: leave what stands here, and say that it failed.
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx } = event.detail;
    if (ctx.response?.status < 400) return;
    if (ctx.response.status < 500 && !/^\s*<!doctype/i.test(ctx.text)) return;
    event.preventDefault();
    tell({ word: "failed", kind: "err" });
  });

  // The cart's count is seen to change; this lets it be heard too.
  const count = () => document.getElementById("count-quick")?.textContent;
  let told = count();
  document.addEventListener("htmx:after:swap", () => {
    if (count() === undefined || count() === told) return;
    told = count();
    document.getElementById("news").textContent = document.getElementById("count-quick").parentElement.textContent;
  });

  document.addEventListener("htmx:error", ({ detail }) => {
    if (detail.ctx && !detail.ctx.response) tell({ word: navigator.onLine ? "failed" : "offline", kind: "offline" });
  });
})();
