// Work in place of a code (data-work is its key): numbers whose hashes with the key begin with enough zero bits.
(() => {
  // Browsers hash only on pages that came safely; elsewhere the button isn't shown.
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) return;
  document.documentElement.classList.add("can-work");
  const AT_ONCE = 128;
  const encoder = new TextEncoder();

  const bitsOf = async (text) => {
    const hash = await crypto.subtle.digest("SHA-256", encoder.encode(text));
    return Math.clz32(new DataView(hash).getUint32(0));
  };

  async function find(start, bits, isWanted) {
    for (let from = 0; isWanted(); from += AT_ONCE) {
      const found = await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => bitsOf(`${start}:${from + at}`)));
      const at = found.findIndex((zeros) => zeros >= bits);
      if (at >= 0) return from + at;
    }
    return null;
  }

  async function work(button) {
    const { work: key, parts, bits } = button.dataset;
    const form = button.form;
    const news = document.getElementById(button.getAttribute("aria-describedby"));
    const numbers = [];
    button.setAttribute("aria-disabled", "true");
    while (numbers.length < Number(parts)) {
      // Heard at every quarter: more often would only interrupt itself.
      if (numbers.length % 2 === 0) news.textContent = news.dataset.going.replace("{}", `${100 * numbers.length / parts}\u00a0%`);
      const number = await find(`${key}:${numbers.length}`, Number(bits), () => button.isConnected);
      if (number === null) return; // Another code has taken its place, or the popup is closed.
      numbers.push(number);
    }
    form.elements.proof.value = numbers.join("-");
    for (const other of form.querySelectorAll("[data-work-instead]")) other.hidden = true;
    news.textContent = news.dataset.done;
  }

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-work]");
    if (button && button.getAttribute("aria-disabled") !== "true") work(button);
  });
})();
