// The simulator page: what htmx cannot say in attributes. The server renders
// everything; this only asks for it anew when /events says so.
(() => {
  "use strict";
  const one = (sel, at = document) => at.querySelector(sel);
  const all = (sel, at = document) => [...at.querySelectorAll(sel)];
  const phoneOf = (el) => el.closest(".phone");
  const phone = (key) => document.getElementById("phone-" + key);
  const refresh = (el) => el && htmx.trigger(el, "refresh");

  // ---- what the server tells ----
  const live = new EventSource("/events");
  const on = (name, act) => live.addEventListener(name, (e) => act(JSON.parse(e.data)));
  on("chat", (d) => { typing(d.key, false); refresh(document.getElementById("chat-" + d.key)); });
  on("phone", (d) => phone(d.key) && put(phone(d.key).parentElement, d.key));
  on("typing", (d) => typing(d.key, true));
  on("toast", (d) => toast(phone(d.key), d.text, d.alert));
  on("faults", () => refresh(one("#faults")));
  on("panel", () => refresh(one("#panel")));
  on("clock", (d) => {
    for (const part of ["date", "time", "zone"]) {
      const el = one(`[data-clock=${part}]`);
      if (el.textContent !== d[part]) el.textContent = d[part];
    }
    for (const b of all("[data-speed]")) b.setAttribute("aria-pressed", String(Number(b.dataset.speed) === d.speed));
  });
  let lost = false;
  live.onerror = () => { lost = true; document.body.classList.add("lost"); };
  live.onopen = () => {
    document.body.classList.remove("lost");
    if (lost) [...all(".chat"), one("#faults"), one("#panel")].forEach(refresh); // what was missed
    lost = false;
  };

  function typing(key, is) {
    const p = phone(key) && one("[data-role]", phone(key));
    if (!p) return;
    clearTimeout(p.timer);
    p.classList.toggle("typing", is);
    p.textContent = is ? "bot sedang mengetik…" : p.dataset.role;
    if (is) p.timer = setTimeout(() => typing(key, false), 5000);
  }

  function toast(p, text, long) {
    const t = p && one(".toast", p);
    if (!t) return;
    t.textContent = text;
    t.classList.add("up");
    clearTimeout(t.timer);
    t.timer = setTimeout(() => t.classList.remove("up"), long ? 8000 : 4000);
  }

  // ---- chats ----
  const newest = (chat) => Number(all(".msg", chat).at(-1)?.dataset.id || 0);
  const toEnd = (chat) => { chat.scrollTop = chat.scrollHeight; };
  document.addEventListener("htmx:beforeSwap", (e) => {
    const chat = e.detail.target;
    if (!chat.matches?.(".chat")) return;
    chat.last = newest(chat);
    chat.atEnd = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 120;
  });
  document.addEventListener("htmx:afterSwap", (e) => {
    const chat = e.detail.target;
    if (!chat.matches?.(".chat")) return;
    for (const m of all(".msg", chat)) m.classList.toggle("fresh", Number(m.dataset.id) > chat.last);
    if (chat.atEnd || newest(chat) > chat.last) toEnd(chat);
    force(phoneOf(chat));
  });

  // force opens the input as the bot asked: as an answer to its message.
  function force(p) {
    const hint = p && one(".keys [data-holder]", p);
    if (!hint) return;
    const form = one(".composer", p);
    form.elements.text.placeholder = hint.dataset.holder;
    const was = p.dataset.forced || "";
    p.dataset.forced = hint.dataset.force;
    if (hint.dataset.force && hint.dataset.force !== was) {
      quote(p, "reply_to", hint.dataset.force, hint.dataset.author, hint.dataset.snippet);
      // Do not take the keys from another phone in which somebody is typing.
      if (!document.activeElement.matches("input[name=text]") || !document.activeElement.value) form.elements.text.focus({ preventScroll: true });
    } else if (!hint.dataset.force && was && form.elements.reply_to.value === was) {
      unquote(p);
    }
  }

  // ---- the input ----
  function quote(p, field, id, author, snippet) {
    unquote(p);
    const form = one(".composer", p), bar = one(".quoting", p);
    form.elements[field].value = id;
    one("b", bar).textContent = author;
    one("span", bar).textContent = snippet;
    bar.hidden = false;
  }

  function unquote(p) {
    const form = one(".composer", p);
    if (form.elements.edit.value) form.elements.text.value = "";
    form.elements.reply_to.value = form.elements.edit.value = "";
    one(".quoting", p).hidden = true;
  }

  // The input has one line, reports have several: ↵ stands for a line's end,
  // made by Shift+Enter, by pasting several lines, or by a hint.
  const BREAK = "↵";
  const flat = (text) => text.trim().replace(/\s*\r?\n\s*/g, ` ${BREAK} `);
  function insert(input, text) {
    input.setRangeText(text, input.selectionStart, input.selectionEnd, "end");
  }
  document.addEventListener("paste", (e) => {
    const text = e.clipboardData?.getData("text") || "";
    if (!e.target.matches?.(".composer input[name=text]") || !text.includes("\n")) return;
    e.preventDefault();
    insert(e.target, flat(text));
  });
  document.addEventListener("htmx:configRequest", (e) => {
    const p = e.detail.parameters;
    if (e.detail.elt.matches(".composer")) p.set("text", p.get("text").replace(new RegExp(`\\s*${BREAK}\\s*`, "g"), "\n"));
  });

  document.addEventListener("htmx:afterRequest", (e) => {
    const { elt, successful, xhr } = e.detail;
    if (!successful && xhr?.responseText) complain(elt, xhr.responseText);
    if (!successful || !elt.matches(".composer")) return;
    elt.elements.text.value = "";
    unquote(phoneOf(elt));
  });
  document.addEventListener("htmx:sendError", (e) => complain(e.detail.elt, "Halaman ini belum tersambung ke program simulasinya."));
  function complain(el, text) { toast(phoneOf(el) || one(".phone"), text, true); }

  // ---- columns ----
  async function put(slot, key) {
    const answer = await fetch("/phone/" + key);
    if (!answer.ok) return;
    slot.innerHTML = await answer.text();
    slot.dataset.key = key;
    settle(slot);
  }

  function settle(slot) {
    htmx.process(slot);
    const p = one(".phone", slot);
    toEnd(one(".chat", p));
    force(p);
  }

  // pick shows key in the column of slot; whoever was there moves to key's old column.
  async function pick(slot, key) {
    const other = all(".slot").find((s) => s.dataset.key === key);
    const before = slot.dataset.key;
    if (other) { other.innerHTML = ""; await put(slot, key); await put(other, before); } else await put(slot, key);
    history.replaceState(null, "", "/?tampil=" + all(".slot").map((s) => s.dataset.key).join(","));
  }

  document.addEventListener("click", (e) => {
    const b = e.target.closest("button");
    for (const d of all("details[open]")) if (!d.contains(e.target) || b) d.open = false;
    if (!b) return;
    const p = phoneOf(b), d = b.dataset;
    if (d.pick) pick(b.closest(".slot"), d.pick);
    if (d.hint) { const t = one("input[name=text]", p); t.value = flat(d.hint); t.focus(); }
    if (d.reply) { quote(p, "reply_to", d.reply, d.author, d.snippet); one("input[name=text]", p).focus(); }
    if (d.edit) { quote(p, "edit", d.edit, "Mengubah pesan", d.text); const t = one("input[name=text]", p); t.value = flat(d.text); t.focus(); }
    if ("unquote" in d) unquote(p);
    if (d.dismiss) { document.getElementById(d.dismiss).hidden = true; localStorage.setItem("seen-" + d.dismiss, "1"); }
  });
  document.addEventListener("dblclick", (e) => one("[data-reply]", e.target.closest(".bubble") || document.createElement("i"))?.click());
  document.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && e.shiftKey && e.target.matches(".composer input[name=text]")) {
      e.preventDefault();
      insert(e.target, ` ${BREAK} `);
    }
    if (e.key !== "Escape") return;
    for (const d of all("details[open]")) d.open = false;
    const p = phoneOf(e.target);
    if (p) unquote(p);
  });

  if (!localStorage.getItem("seen-guide")) one("#guide").hidden = false;
  all(".phone").forEach((p) => { toEnd(one(".chat", p)); force(p); });
  addEventListener("load", () => all(".chat").forEach(toEnd)); // pictures have their height now
})();
