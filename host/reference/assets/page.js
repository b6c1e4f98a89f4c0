// Two things that only the browser can do: show times in the reader's own zone, and read a secret that stands behind `#`,
// which browsers never send to a server.
"use strict";

const inWords = (iso) =>
  new Date(iso).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });

for (const time of document.querySelectorAll("time[datetime]")) {
  if (!Number.isNaN(Date.parse(time.dateTime))) time.textContent = inWords(time.dateTime);
}

const trouble = (sentence) => {
  const place = document.getElementById("trouble");
  place.textContent = sentence;
  place.hidden = false;
  document.getElementById("invitation").hidden = true;
};

// Takes the secret out of the address, so that neither the history nor a screenshot keeps it, and puts it into the forms.
const takeSecret = (forms) => {
  const name = forms[0].dataset.secret;
  const secret = location.hash.slice(1) || new URLSearchParams(location.search).get(name) || "";
  if (location.hash || location.search) history.replaceState(null, "", location.pathname);
  if (!secret) return "";
  for (const form of forms) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = secret;
    field.dataset.taken = "yes";
    form.append(field);
  }
  return secret;
};

const open = () => {
  const forms = document.querySelectorAll("form[data-secret]");
  if (!forms.length) return;
  for (const earlier of document.querySelectorAll("input[data-taken]")) earlier.remove();
  document.getElementById("trouble").hidden = true;
  const secret = takeSecret(forms);
  if (!secret) return trouble("The secret part of the link is missing. Copy the whole link, to its last character.");
  document.getElementById("invitation").hidden = false;
};

// Pressing twice must not use a link twice.
for (const form of document.querySelectorAll("form[data-secret]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => delete form.dataset.sent);
}

open();
// Opening a second link in the same tab changes only what stands behind `#`.
window.addEventListener("hashchange", () => {
  if (location.hash) open();
});
