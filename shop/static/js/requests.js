// Every request of htmx: a key by which the server knows a repeat, plain words when it fails, and no press lost to it.
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

  // The button that leads on stands among sums that change. Pressed while they do, it waits for them and goes on if they
  // could change; and a mouse that went down on one which has been replaced meanwhile has pressed its successor.
  const onward = (target) => target.closest?.("[data-onward]");
  const isChanging = () => document.querySelector("main .htmx-request");
  let down = null;
  let waits = false;
  document.addEventListener("mousedown", ({ target, button, ctrlKey, metaKey }) => {
    down = button || ctrlKey || metaKey ? null : onward(target);
  });
  document.addEventListener("mouseup", ({ target }) => {
    if (down && !down.isConnected) onward(target)?.click();
    down = null;
  });
  document.addEventListener("click", (event) => {
    const pressed = onward(event.target);
    if (!pressed || !isChanging()) return;
    event.preventDefault();
    pressed.classList.add("is-busy");
    waits = true;
  });
  // A turn later: it is told before the marks of the request are taken away.
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => setTimeout(() => {
    if (!waits || isChanging()) return;
    waits = false;
    const next = document.querySelector("[data-onward]");
    next?.classList.remove("is-busy");
    if (ctx.response?.status < 400) next?.click();
  }));
})();
