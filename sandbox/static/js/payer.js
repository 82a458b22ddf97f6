// What all pages of a payer share: the clock that runs down, and one press that stays one press.
const timer = document.querySelector("[data-seconds-left]");
const loadedAt = performance.now();

function tick() {
  const left = Math.max(0, Number(timer.dataset.secondsLeft) - Math.floor((performance.now() - loadedAt) / 1000));
  const minutes = String(Math.floor(left / 60)).padStart(2, "0");
  timer.querySelector("[data-clock]").textContent = `${minutes}:${String(left % 60).padStart(2, "0")}`;
  if (!left) location.reload();
}

if (timer && Number(timer.dataset.secondsLeft) > 0) {
  tick();
  setInterval(tick, 1000);
}

for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", (event) => {
    if (form.classList.contains("is-busy")) event.preventDefault();
    form.classList.add("is-busy");
  });
}

// A page that comes back with the Back button must be usable again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll(".is-busy")) form.classList.remove("is-busy");
});

document.querySelector("[data-focus]")?.focus();
