// The person's time zone, for what the server says in it.
export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
