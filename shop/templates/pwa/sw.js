// Makes the shop open without a network, and carries a filled cart over a gap in it.
// The one rule: nothing that was fetched with cookies is ever stored.
const VERSION = {{ version|tojson }};
const ASSETS = {{ assets|tojson }};
const KEPT = `kept-${VERSION}`; // What every page needs, and public pages as a stranger sees them.
const MEDIA = "media";
const PUBLIC = /^\/($|catalog\/|product\/|help\/|legal\/)/;
const FRESH_MS = 24 * 3600 * 1000;

const asStranger = (url) => fetch(url, { credentials: "omit" });

addEventListener("install", (event) => event.waitUntil(caches.open(KEPT).then((cache) =>
  cache.addAll([...ASSETS, "/offline"].map((url) => new Request(url, { credentials: "omit", cache: "reload" }))))));

addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name !== KEPT && name !== MEDIA) await caches.delete(name);
  await registration.navigationPreload?.enable();
  await clients.claim();
})()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST" && url.pathname.startsWith("/auth/")) event.respondWith(changeOfPerson(request));
  else if (request.method === "POST" && /^\/cart\/lines\/\d+$/.test(url.pathname)) event.respondWith(putInCart(request));
  else if (request.method !== "GET") return;
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(request, KEPT));
  else if (url.pathname.startsWith("/media/")) event.respondWith(file(request, MEDIA, 300));
  else if (request.mode === "navigate") event.respondWith(page(event, url));
});

addEventListener("message", (event) => {
  if (event.data === "take over") skipWaiting();
  if (event.data === "send") event.waitUntil(send());
});

addEventListener("sync", (event) => { if (event.tag === "cart") event.waitUntil(send()); });

async function file(request, name, most = 0) {
  const cache = await caches.open(name);
  const found = await cache.match(request.url);
  if (found) return found;
  const answer = await asStranger(request.url);
  if (answer.ok) {
    await cache.put(request.url, answer.clone());
    if (most) for (const old of (await cache.keys()).slice(0, -most)) await cache.delete(old);
  }
  return answer;
}

async function page(event, url) {
  const isPublic = PUBLIC.test(url.pathname) && !url.search;
  try {
    const answer = (await event.preloadResponse) || (await fetch(event.request));
    if (answer.ok && isPublic) event.waitUntil(keep(url.pathname).catch(() => {}));
    return answer;
  } catch {
    const start = url.pathname === "/"; // The app starts with a mark in its address.
    return ((isPublic || start) && (await caches.match(url.pathname))) || (await caches.match("/offline")) || Response.error();
  }
}

// Fetch a public page once more as a stranger, at most once a day, and store that.
async function keep(path) {
  const cache = await caches.open(KEPT);
  const old = await cache.match(path);
  if (old && Date.now() - Date.parse(old.headers.get("Last-Modified")) < FRESH_MS) return;
  const answer = await asStranger(path);
  if (!answer.ok || answer.redirected || /private|no-store/.test(answer.headers.get("Cache-Control"))) return;
  const headers = new Headers(answer.headers);
  headers.set("Last-Modified", new Date().toUTCString()); // The page says how old it is.
  await cache.put(path, new Response(await answer.blob(), { headers }));
}

// Signing in or out: the next person at this device finds nothing of the last.
async function changeOfPerson(request) {
  try {
    return await fetch(request);
  } finally {
    await queue("readwrite", (rows) => rows.clear());
  }
}

async function putInCart(request) {
  const copy = request.clone();
  try {
    return await fetch(request);
  } catch (fault) {
    if (request.headers.get("HX-Request") !== "true") throw fault;
    const form = new URLSearchParams(await copy.text());
    form.delete("csrf_token");
    // The quantity is a whole one, not a step: the last word about a product is enough.
    await queue("readwrite", (rows) => rows.put({ url: new URL(request.url).pathname, form: String(form), key: request.headers.get("Idempotency-Key") }));
    await registration.sync?.register("cart").catch(() => {});
    return new Response(null, { status: 204, headers: { "HX-Trigger": "cart:queued" } });
  }
}

// The browser's own signal and the page's may come together: one after the other, then.
const send = () => navigator.locks.request("cart", async () => {
  const rows = await queue("readonly", (store) => store.getAll());
  let news = "sent";
  for (const { url, form, key } of rows) {
    const headers = { "Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#queued", "Idempotency-Key": key };
    const answer = await fetch(url, { method: "POST", body: form, headers });
    if (answer.status >= 500) throw new Error("later");
    if (!answer.ok) news = "unsent";
    await queue("readwrite", (store) => store.delete(url));
  }
  if (rows.length) for (const client of await clients.matchAll()) client.postMessage(news);
});

function queue(mode, work) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("shop", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("cart", { keyPath: "url" });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const change = opening.result.transaction("cart", mode);
      const asked = work(change.objectStore("cart"));
      change.oncomplete = () => { resolve(asked.result); opening.result.close(); };
      change.onerror = () => reject(change.error);
    };
  });
}
