// The page of bonuses with a helping hand: a slider beside the number, and what is left to pay by card.
const form = document.querySelector("[data-bonuses]");
const slider = form.querySelector("[data-slider]");
const rest = form.querySelector("[data-rest]");
const money = new Intl.NumberFormat("ru", { style: "currency", currency: "RUB" });

function show(count) {
  const kept = Math.min(Number(slider.max), Math.max(0, Math.trunc(Number(count)) || 0));
  slider.value = kept;
  rest.textContent = `Картой: ${money.format(Number(form.dataset.amount) / 100 - kept)}`;
  return kept;
}

slider.hidden = false;
rest.hidden = false;
slider.addEventListener("input", () => { form.bonuses.value = show(slider.value); });
form.bonuses.addEventListener("input", () => show(form.bonuses.value));
show(form.bonuses.value);
