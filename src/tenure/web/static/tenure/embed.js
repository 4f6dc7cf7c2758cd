/* For pages that show a form of Tenure within theirs: sizes the frame, and tells the form by which
   campaign and from where the visitor came to this site. Keeps that for the visit, no longer. */
(() => {
  "use strict";
  const home = new URL(document.currentScript.src).origin;
  const names = /^(utm_(source|medium|campaign|term|content)|gclid|gbraid|wbraid|dclid|fbclid|msclkid|ttclid|twclid|li_fat_id|yclid|bd_vid|qhclickid|gdt_vid|qz_gdt|clickid|ref)$/;
  const bare = (address) => address.split(/[?#]/)[0];
  const visit = () => {
    const now = { landing: bare(location.href), referrer: "" };
    for (const [name, value] of new URLSearchParams(location.search)) if (names.test(name)) now[name] = value;
    const before = document.referrer;
    if (before && new URL(before).origin !== location.origin) now.referrer = bare(before);
    const told = Object.keys(now).length > 2 || now.referrer;
    let kept = null;
    try {
      kept = JSON.parse(sessionStorage.getItem("tenure-visit"));
      if (told || !kept) { kept = now; sessionStorage.setItem("tenure-visit", JSON.stringify(now)); }
    } catch { kept = null; }
    let visitor = "";
    try { visitor = (localStorage.getItem("ajs_anonymous_id") || "").replaceAll('"', ""); } catch { visitor = ""; }
    return { ...(kept || now), visitor };
  };
  window.addEventListener("message", (event) => {
    if (event.origin !== home || !event.data) return;
    const frame = [...document.querySelectorAll("iframe[data-tenure-form]")].find((one) => one.contentWindow === event.source);
    if (!frame) return;
    if (Number.isFinite(event.data.height)) frame.style.height = `${Math.min(Math.max(event.data.height, 80), 6000)}px`;
    if (event.data.tenure === "ready") event.source.postMessage({ tenure: "visit", visit: visit() }, home);
  });
})();
