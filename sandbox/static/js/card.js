// The card page with a helping hand: it groups the digits, knows the brand, says early what can't be right.
// Everything it says the server says too, so the page works without it.
const BRANDS = [
  { code: "mir", title: "МИР", starts: /^220[0-4]/, lengths: [16, 17, 18, 19], secret: 3 },
  { code: "visa", title: "VISA", starts: /^4/, lengths: [16, 18, 19], secret: 3 },
  { code: "mastercard", title: "Mastercard", starts: /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16], secret: 3 },
  { code: "amex", title: "AMEX", starts: /^3[47]/, lengths: [15], secret: 4 },
];
const form = document.querySelector("[data-card-form]");
const digits = (text) => text.replace(/\D/g, "");
const brandOf = (number) => BRANDS.find((brand) => brand.starts.test(number));

function group(number) {
  const parts = brandOf(number)?.code === "amex" ? /^(\d{0,4})(\d{0,6})(\d{0,5})/ : /(\d{1,4})/g;
  const found = parts.global ? number.match(parts) || [] : number.match(parts).slice(1).filter(Boolean);
  return found.join(" ");
}

function isLuhnValid(number) {
  const sum = [...number].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (1 + (place % 2));
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

// Put the text in another form and keep the caret behind the digit it stood behind.
function rewrite(input, text) {
  if (input.value === text) return;
  let left = digits(input.value.slice(0, input.selectionStart)).length;
  const atEnd = input.selectionStart === input.value.length;
  input.value = text;
  if (atEnd) return;
  let at = 0;
  while (left && at < text.length) if (/\d/.test(text[at++])) left -= 1;
  input.setSelectionRange(at, at);
}

function say(input, problem) {
  const line = document.getElementById(`${input.id}-error`);
  line.hidden = !problem;
  line.querySelector("span").textContent = problem;
  if (problem) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

function numberProblem(number, brand) {
  if (number.length < 6) return "";
  if (!brand) return "Подойдёт карта МИР, Visa, Mastercard или American Express";
  const longest = Math.max(...brand.lengths);
  if (!brand.lengths.includes(number.length) || isLuhnValid(number)) return "";
  // A 16-digit МИР or Visa may still be growing to 19, unless the person has moved on.
  return number.length === longest || document.activeElement !== form.number
    ? "Проверьте номер: в какой-то цифре ошибка" : "";
}

function readNumber() {
  const number = digits(form.number.value).slice(0, 19);
  const brand = brandOf(number);
  rewrite(form.number, group(number));
  say(form.number, numberProblem(number, brand));
  const badge = document.querySelector("[data-brand]");
  badge.hidden = !brand;
  badge.className = `brand brand--${brand?.code}`;
  badge.textContent = brand?.title || "";
  document.querySelector("[data-secret]").textContent = brand?.secret === 4
    ? "4 цифры на лицевой стороне" : "3 цифры на обороте";
  form.code.maxLength = brand?.secret || 4;
  draw(number, brand);
}

// Show the number on the drawn card, with dots for the digits to come.
function draw(number, brand) {
  const sizes = brand?.code === "amex" ? [4, 6, 5] : [4, 4, 4, 4, 3];
  const cells = number.padEnd(brand?.code === "amex" ? 15 : 16, "•");
  let at = 0;
  const parts = sizes.map((size) => cells.slice(at, (at += size)));
  document.querySelector("[data-mirror=number]").textContent = parts.filter(Boolean).join(" ");
  document.querySelector("[data-mirror=brand]").textContent = brand?.title || "";
}

function readExpiry(event) {
  const text = form.expiry.value;
  const typed = digits(text).slice(0, 4);
  const isErasing = event?.inputType?.startsWith("delete");
  if (typed.length > 2) rewrite(form.expiry, `${typed.slice(0, 2)}/${typed.slice(2)}`);
  else if (typed.length === 2 && !isErasing) rewrite(form.expiry, `${typed}/`);
  say(form.expiry, typed.length === 4 ? expiryProblem(typed) : "");
  document.querySelector("[data-mirror=expiry]").textContent = form.expiry.value || "ММ/ГГ";
}

function expiryProblem(typed) {
  const month = Number(typed.slice(0, 2));
  if (month < 1 || month > 12) return "Месяц — от 01 до 12";
  const firstDayAfter = new Date(2000 + Number(typed.slice(2)), month, 1);
  return firstDayAfter <= new Date() ? "Срок действия этой карты уже вышел" : "";
}

form.number.addEventListener("input", readNumber);
form.number.addEventListener("blur", () => setTimeout(readNumber));
form.expiry.addEventListener("input", readExpiry);
form.code.addEventListener("input", () => say(form.code, ""));
if (form.number.value && !form.querySelector("[aria-invalid]")) readNumber();

for (const button of document.querySelectorAll("[data-fill]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    form.number.value = button.dataset.fill;
    form.expiry.value = `12/${String((new Date().getFullYear() + 3) % 100)}`;
    readNumber();
    readExpiry();
    form.code.value = "1234".slice(0, form.code.maxLength);
    say(form.code, "");
    form.querySelector("button").focus();
  });
}
