/** Parts of regular expressions, lower case: what a maker or product calls itself in its certificates and notices alike. */

/** Programs on the person's own device that look into connections. */
export const DEVICE_PRODUCTS =
  'kaspersky|bitdefender|eset|norton|mcafee|avast|adguard|f-secure|g ?data|dr\\.?web|net ?nanny|qustodio|bullguard|panda security';

/** Gateways and services that organisations let their connections go through. */
export const ORGANISATION_PRODUCTS =
  'forti(?:guard|gate|net)|zscaler|forcepoint|websense|smoothwall|lightspeed|securly|goguardian|blue ?coat|cisco umbrella|barracuda|netskope|palo alto';
