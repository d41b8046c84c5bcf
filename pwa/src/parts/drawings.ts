/** The drawings of every page: each is drawn where it stands, so that a screen carries only those it shows. */

/** 24 x 24, stroke. */
export const ICONS = {
  alert: '<path d="M12 4l9 16H3zM12 10v4M12 17h.01"/>',
  back: '<path d="M15 5l-7 7 7 7"/>',
  bed: '<path d="M3 5v14M3 15h18v4M21 15v-2a3 3 0 0 0-3-3h-7v5"/><circle cx="7" cy="11" r="1.5"/>',
  book: '<path d="M5 4h11a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3zM5 17a3 3 0 0 1 3-3h11"/>',
  bowl: '<path d="M3 11h18a9 9 0 0 1-18 0zM12 7V4M8 7V5.5M16 7V5.5"/>',
  cap: '<path d="M9 3h6v4H9zM7 7h10v14H7zM10 14h4M12 12v4"/>',
  chart: '<path d="M4 4v16h16M8 15l3-4 3 2 5-7"/>',
  check: '<path d="M5 12.5l4.5 4.5L19 7.5"/>',
  clock: '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3 2"/>',
  del: '<path d="M9 6h11v12H9l-6-6zM12.5 9.5l5 5M17.5 9.5l-5 5"/>',
  down: '<path d="M4 6h16L12 20z"/>',
  drop: '<path d="M12 3c4 5 6 7.6 6 11a6 6 0 0 1-12 0c0-3.4 2-6 6-11z"/>',
  edit: '<path d="M4 20l1-4L16 5l3 3L8 19z"/>',
  eye: '<path d="M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12z"/><circle cx="12" cy="12" r="3"/>',
  gear: '<circle cx="12" cy="12" r="3"/><path d="M12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M18.4 5.6l-2.1 2.1M7.7 16.3l-2.1 2.1"/>',
  help: '<circle cx="12" cy="12" r="9"/><path d="M12 8v8M8 12h8"/>',
  juice: '<path d="M6 9h12l-1.5 12h-9zM12 9l2-6h3"/>',
  list: '<path d="M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01"/>',
  lock: '<rect x="5" y="11" width="14" height="10" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>',
  note: '<path d="M5 3h10l4 4v14H5zM9 11h6M9 15h6"/>',
  off: '<path d="M12 18V8M7.5 12.5L12 8l4.5 4.5M7 4h10M4 3l17 18"/>',
  pause: '<path d="M9 6v12M15 6v12"/>',
  pen: '<path d="M17 3l4 4M19 5l-3 3M9 8l7 7M12.5 6.5l5 5L9 20H4v-5zM4 20l-1.5 1.5"/>',
  phone: '<path d="M6 3h4l1.5 5L9 9.5a11 11 0 0 0 5.5 5.5l1.5-2.5 5 1.5v4a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3z"/>',
  pill: '<rect x="3" y="8.5" width="18" height="7" rx="3.5" transform="rotate(-45 12 12)"/><path d="M9.5 9.5l5 5"/>',
  plus: '<path d="M12 5v14M5 12h14"/>',
  run: '<circle cx="15" cy="4.5" r="1.5"/><path d="M6 10l4-2 4 2 2 3h3M12 10l-2 5 4 2v4M10 15l-2 3H4"/>',
  sent: '<path d="M2 13l4 4 8-9M11 16l1 1 9-10"/>',
  temp: '<path d="M10 14V5a2 2 0 0 1 4 0v9a4 4 0 1 1-4 0z"/><path d="M12 9v8"/>',
  today: '<rect x="4" y="5" width="16" height="16" rx="2"/><path d="M4 10h16M8 3v4M16 3v4"/>',
  tube: '<path d="M8 3h8M9.5 3v15a2.5 2.5 0 0 0 5 0V3M9.5 12h5"/>',
  user: '<circle cx="12" cy="8" r="4"/><path d="M4 21a8 8 0 0 1 16 0"/>',
  wait: '<circle cx="12" cy="12" r="9" stroke-dasharray="3.5 3.5"/><path d="M12 16V8M8.5 11.5L12 8l3.5 3.5"/>',
  x: '<path d="M6 6l12 12M18 6L6 18"/>',
} as const;

export type IconName = keyof typeof ICONS;

/** 16 x 16. */
export const MARKS = {
  high: '<path fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" d="M2 12.5h12L8 2.5z"/>',
  in: '<circle cx="8" cy="8" r="5" fill="currentColor"/>',
  low: '<path fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" d="M2 3.5h12L8 13.5z"/>',
  none: '<circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray="2.5 2"/>',
  severe: '<path fill="currentColor" fill-rule="evenodd" d="M8 0l8 8-8 8-8-8zM7 3.8v5.2h2V3.8zM7 10.3v2h2v-2z"/>',
  vhigh: '<path fill="currentColor" d="M.5 14h15L8 1z"/>',
  vlow: '<path fill="currentColor" d="M.5 2h15L8 15z"/>',
} as const;
