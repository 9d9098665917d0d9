// Links from one page to another stay in the session, as the menu does: nothing is loaded again, and
// the agenda that somebody is gathering is not lost. The stage has no menu; links to it and from it
// load it anew, and so do those that a reader opens in a window of their own and those to the forms
// of signing in, which are no pages of the dashboard.
"use strict";
(() => {
  const LINKS = ".bb-skip, [data-testid=stHtml] a:not([target=_blank], [download])";
  const FIELD = ".st-key-search input[type=search]";
  const stage = (address) => address.searchParams.get("stage") ?? "";

  // What was sought has been found: on the same page the field would keep its hits.
  const clear = (field) => {
    if (!field?.value) return;
    const write = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
    write.call(field, "");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  addEventListener("click", (event) => {
    const link = event.target.closest?.(LINKS);
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey
      || event.shiftKey || event.altKey) return;
    const [here, there] = [new URL(location.href), new URL(link.href)];
    const inside = new URL(".", document.baseURI).href;
    const isPage = there.href.startsWith(inside) && !there.href.startsWith(`${inside}konto`);
    if (!isPage || stage(here) || stage(there) || there.hash) return;
    event.preventDefault();
    clear(document.querySelector(FIELD));
    history.pushState({}, "", there.href);
    dispatchEvent(new PopStateEvent("popstate"));
    const main = document.querySelector('[data-testid="stMain"]');
    main?.scrollTo(0, 0);
    main?.focus({ preventScroll: true }); // the link is gone: who works with the keys goes on here
  });
})();
