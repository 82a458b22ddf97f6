// Passkeys. A form with data-passkey asks that address what to ask a key, and carries the key's answer away in its field
// «credential». With data-suggests the keys also stand among the suggestions of the field for e-mail.
(() => {
  const { credentials } = navigator;
  if (!globalThis.PublicKeyCredential || !credentials?.create) return;
  const AGAIN_MS = 4 * 60 * 1000; // A question holds for five minutes; a page of sign-in may stay open longer.
  const ANSWERS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

  const toBytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  const toText = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  // Written by hand: the browser's own toJSON() is young, and password managers that stand in for it lack it.
  function asJson({ id, rawId, type, response }) {
    const said = { transports: response.getTransports?.() };
    for (const name of ANSWERS) if (response[name]) said[name] = toText(response[name]);
    return JSON.stringify({ id, rawId: toText(rawId), type, response: said });
  }

  async function questionOf(form) {
    const answer = await fetch(form.dataset.passkey, { redirect: "manual", headers: { Accept: "application/json" } });
    if (!answer.ok) return null;
    const question = await answer.json();
    question.challenge = toBytes(question.challenge);
    if (question.user) question.user.id = toBytes(question.user.id);
    for (const key of [...(question.allowCredentials ?? []), ...(question.excludeCredentials ?? [])]) key.id = toBytes(key.id);
    return question;
  }

  function send(form, key) {
    const { credential, email } = form.elements;
    credential.value = key ? asJson(key) : "";
    if (email) email.value = document.getElementById("email")?.value ?? "";
    form.requestSubmit();
  }

  // The browser lets one question wait at a time.
  let waiting = null;

  async function suggest(form) {
    waiting?.abort();
    const mine = (waiting = new AbortController());
    if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    const timer = setTimeout(() => { if (form.isConnected) suggest(form); }, AGAIN_MS);
    try {
      const publicKey = await questionOf(form);
      if (!publicKey || mine.signal.aborted) return;
      send(form, await credentials.get({ publicKey, mediation: "conditional", signal: mine.signal }));
    } catch {
      // Nobody chose one.
    } finally {
      clearTimeout(timer);
    }
  }

  async function ask(form, button) {
    const say = (text) => { form.querySelector("[role=status]").textContent = text; };
    if (button.getAttribute("aria-disabled") || !form.reportValidity()) return;
    waiting?.abort();
    say("");
    button.setAttribute("aria-disabled", "true");
    try {
      const publicKey = await questionOf(form);
      // Refused: sent without an answer, the form comes back with the reason and with what was typed.
      const key = publicKey && (await credentials[publicKey.user ? "create" : "get"]({ publicKey }));
      send(form, key);
    } catch (fault) {
      say((fault.name === "InvalidStateError" && form.dataset.known) || form.dataset.failed);
      if ("suggests" in form.dataset) suggest(form);
    } finally {
      button.removeAttribute("aria-disabled");
    }
  }

  function show() {
    for (const form of document.querySelectorAll("form[data-passkey][hidden]")) {
      form.hidden = false;
      form.querySelector("button").addEventListener("click", ({ currentTarget }) => ask(form, currentTarget));
      if ("suggests" in form.dataset) suggest(form);
    }
    for (const words of document.querySelectorAll("[data-no-passkeys]")) words.hidden = true;
  }

  show();
  document.addEventListener("htmx:after:swap", show);
})();
