// New letters come in by themselves: the list is fetched again while somebody looks at it.
const PAUSE = 3000;

async function refresh() {
  const list = document.querySelector("[data-letters]");
  // Never take away the letter a person stands on with the keyboard.
  if (!document.hidden && !list.contains(document.activeElement)) {
    const answer = await fetch(location.href).catch(() => null);
    if (answer?.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-letters]");
      if (fresh && fresh.innerHTML !== list.innerHTML) list.replaceChildren(...fresh.childNodes);
    }
  }
  setTimeout(refresh, PAUSE);
}

setTimeout(refresh, PAUSE);
