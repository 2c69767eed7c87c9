// Sets the theme before the first paint: the person's choice on this device, else the system's.
// A classic script in <head>, because a module would run too late and flash.
(() => {
  const key = "jit-theme";
  const system = matchMedia("(prefers-color-scheme: dark)");
  let watcher = null;

  // Private windows may refuse storage; the system's theme is then good enough.
  const stored = () => { try { return localStorage.getItem(key); } catch { return null; } };
  const store = value => { try { localStorage.setItem(key, value); } catch { /* kept for this page only */ } };

  const apply = theme => {
    document.documentElement.dataset.theme = theme;
    watcher?.invokeMethodAsync("ThemeChanged", theme === "dark").catch(() => { });
  };

  apply(stored() ?? (system.matches ? "dark" : "light"));
  system.addEventListener("change", () => { if (!stored()) apply(system.matches ? "dark" : "light"); });

  window.jitTheme = {
    watch(reference) { watcher = reference; return document.documentElement.dataset.theme === "dark"; },
    unwatch() { watcher = null; },
    toggle() {
      const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
      store(theme);
      apply(theme);
    },
  };
})();
