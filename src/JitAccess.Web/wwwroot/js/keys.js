// Single-key commands of a list. Keys typed into a field are text, not commands.
export function listen(reference, keys) {
  const wanted = new Set(keys);
  const onKeyDown = event => {
    if (event.ctrlKey || event.metaKey || event.altKey || !wanted.has(event.key)) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], [role=dialog]")) return;
    if (event.key === "Enter" && event.target.closest("a, button")) return;
    event.preventDefault();
    reference.invokeMethodAsync("KeyPressed", event.key);
  };
  document.addEventListener("keydown", onKeyDown);
  return { dispose: () => document.removeEventListener("keydown", onKeyDown) };
}

export const focus = id => {
  const element = document.getElementById(id);
  element?.focus({ preventScroll: true });
  element?.scrollIntoView({ block: "nearest" });
};
