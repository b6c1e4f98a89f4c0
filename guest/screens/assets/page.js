// What only the browser can do: read a secret that stands behind `#`, which browsers never send to a server, copy, count
// down, and say what a form would do while it is filled in. Without it everything else works.
"use strict";

const all = (what, within = document) => [...within.querySelectorAll(what)];

// Of a menu that is too wide for the window, the part that tells where one is.
document.querySelector(".places [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// Counts down and up, in the page's language.
const units = [["year", 31557600], ["month", 2629800], ["day", 86400], ["hour", 3600], ["minute", 60]];
const tick = () => {
  for (const time of all("time[data-live]")) {
    const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
    const far = Math.abs(seconds);
    const language = time.closest("[lang]").lang;
    const words = new Intl.RelativeTimeFormat(language, { numeric: "always" });
    const [unit, size] =
      units.find(([name, size]) => far >= size * ({ day: 1.5, month: 2, year: 2 }[name] ?? 1.5)) ?? units[4];
    time.textContent = words.format(Math.trunc(seconds / size) || (seconds < 0 ? -0 : 0), unit);
  }
};
setInterval(tick, 20000);

for (const button of all("button[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.done;
  });
}

// What the form would do, in a sentence that is read out.
for (const form of all("form[data-sentence]")) {
  let asked = 0;
  const say = async () => {
    const mine = ++asked;
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.sentence, { method: "POST", body }).catch(() => null);
    if (answer?.ok && mine === asked) document.getElementById("sentence").textContent = await answer.text();
  };
  form.addEventListener("change", say);
}

// Choosing what belongs to an invitation, or to none, chooses a fitting end.
for (const kind of all(".way input")) {
  kind.addEventListener("change", () => {
    const never = document.querySelector("[name=ending][value=never]");
    if (kind.value === "invitation") never.checked = true;
    else if (never?.checked) document.querySelector("[name=ending][value='1-week']").checked = true;
  });
}

// Takes the secret out of the address, so that neither the history nor a screenshot keeps it.
const takeSecret = (name) => {
  const secret = location.hash.slice(1) || new URLSearchParams(location.search).get(name) || "";
  if (location.hash || location.search) history.replaceState(null, "", location.pathname);
  return secret;
};

const main = document.getElementById("main");
const asking = document.querySelector("form[data-inspect]");
const empty = asking && main.innerHTML;

// Puts it into the forms. Pressing twice must not use a link twice.
const arm = (secret) => {
  for (const form of all("form[data-once]")) {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: form.dataset.secret, value: secret });
    form.append(field);
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    });
    window.addEventListener("pageshow", () => delete form.dataset.sent);
  }
};

const open = async () => {
  main.innerHTML = empty;
  const form = main.querySelector("form[data-inspect]");
  const show = (what) => {
    for (const place of all("[data-waiting], [data-missing], [data-offline]", main)) place.hidden = !(what in place.dataset);
  };
  const secret = takeSecret(form.dataset.secret);
  if (!secret) return show("missing");
  show("waiting");
  try {
    const body = new URLSearchParams({ [form.dataset.secret]: secret });
    const answer = await fetch(form.dataset.inspect, { method: "POST", body });
    main.innerHTML = await answer.text();
  } catch {
    return show("offline");
  }
  arm(secret);
  main.focus();
};

if (asking) {
  open();
  // Opening a second link in the same tab changes only what stands behind `#`.
  window.addEventListener("hashchange", () => {
    if (location.hash) open();
  });
} else if (all("form[data-once]").length) {
  const secret = takeSecret(all("form[data-once]")[0].dataset.secret);
  if (secret) arm(secret);
}
