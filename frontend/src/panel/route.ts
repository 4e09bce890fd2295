// Where in the panel one is: the page stands in the path, what is filtered by in the query.

export const BASE = "/mqtt-dispatch";
export const PAGES = ["now", "history", "plan", "figures", "nodes"] as const;

export type Page = (typeof PAGES)[number];

export type Route = { page: Page } | { page: "command"; entry: string; id: number };

/** What the history is filtered by; empty: by nothing. */
export interface Filters {
  /** The entry of a station. */
  station: string;
  node: string;
  kind: string;
  state: string;
  /** Local days, "YYYY-MM-DD", both included. */
  from: string;
  to: string;
}

const FIELDS = ["station", "node", "kind", "state", "from", "to"] as const;

/** Return the page of a path such as `/history` or `/command/<entry>/7`. */
export function routeOf(path: string): Route {
  const [first, entry, id] = path.split("/").filter(Boolean);
  if (first === "command" && entry && /^\d+$/.test(id ?? "")) {
    return { page: "command", entry: decodeURIComponent(entry), id: Number(id) };
  }
  return { page: PAGES.find((page) => page === first) ?? "now" };
}

export function pathOf(page: Page): string {
  return `${BASE}/${page}`;
}

export function pathOfCommand(entry: string, id: number): string {
  return `${BASE}/command/${encodeURIComponent(entry)}/${id}`;
}

/** Return the filters of a query, which anybody may have written. */
export function filtersOf(search: string): Filters {
  const query = new URLSearchParams(search);
  const found = Object.fromEntries(FIELDS.map((field) => [field, query.get(field) ?? ""]));
  for (const field of ["from", "to"]) {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(found[field] ?? "")) found[field] = "";
  }
  return found as unknown as Filters;
}

/** Return the query that has these filters, and nothing that is empty. */
export function searchOf(filters: Filters): string {
  const query = new URLSearchParams();
  for (const field of FIELDS) if (filters[field]) query.set(field, filters[field]);
  const text = query.toString();
  return text ? `?${text}` : "";
}

/** Go somewhere within Home Assistant's page. */
export function go(url: string, replace = false): void {
  if (replace) history.replaceState(null, "", url);
  else history.pushState(null, "", url);
  window.dispatchEvent(new CustomEvent("location-changed", { detail: { replace } }));
}

/** Follow a link within the page, unless it shall open elsewhere. */
export function follow(event: MouseEvent): void {
  const link = event.currentTarget as HTMLAnchorElement;
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(link.pathname + link.search);
}
