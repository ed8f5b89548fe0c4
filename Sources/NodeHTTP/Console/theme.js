// Dark, which is the default, or light: the style sheets hold both as custom properties.
export const themes = ["dark", "light"];

export function useTheme(name) {
  const theme = themes.includes(name) ? name : "dark";
  document.documentElement.dataset.theme = theme;
  document.querySelector("meta[name=color-scheme]").content = theme;
}
