// The stage (?stage=1): scales the page to the wall, and the keys of a meeting.
(() => {
  const onStage = () => new URLSearchParams(location.search).get("stage") === "1";

  // Laid out for 1280 x 720 and enlarged as a whole: what fits here fits on every projector.
  const scale = () => {
    const factor = Math.min(innerWidth / 1280, innerHeight / 720);
    document.documentElement.style.setProperty("--stage-scale", onStage() ? factor : 1);
  };

  const leave = () => {
    const address = new URL(location.href);
    address.searchParams.delete("stage");
    location.assign(address);
  };

  addEventListener("resize", scale);
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select");
    if (!onStage() || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && !document.fullscreenElement) leave();
    if (event.key === "f" || event.key === "F") {
      if (document.fullscreenElement) document.exitFullscreen();
      else document.documentElement.requestFullscreen();
    }
  });
  scale();
})();
