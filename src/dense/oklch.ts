/** A linear sRGB colour, each channel 0…1 when it can be shown. */
type LinearRgb = [number, number, number];

/** OKLCH (lightness 0…1, chroma, hue in degrees) to linear sRGB. Source: Ottosson, "A perceptual color space for image processing", 2020. */
function oklchToLinear(lightness: number, chroma: number, hue: number): LinearRgb {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
}

function isShowable(color: LinearRgb): boolean {
  return color.every((value) => value >= 0 && value <= 1);
}

/** Bisection steps to the edge of sRGB; beyond 8-bit accuracy. */
const BISECTIONS = 16;

/**
 * OKLCH to 8-bit sRGB. A chroma that sRGB cannot show is lowered at the same lightness and hue.
 * @param lightness 0…1
 * @param hue in degrees
 */
export function oklchToRgb(lightness: number, chroma: number, hue: number): [number, number, number] {
  let color = oklchToLinear(lightness, chroma, hue);
  if (!isShowable(color)) {
    let [inside, outside] = [0, chroma];
    for (let i = 0; i < BISECTIONS; i++) {
      const middle = (inside + outside) / 2;
      if (isShowable(oklchToLinear(lightness, middle, hue))) inside = middle;
      else outside = middle;
    }
    color = oklchToLinear(lightness, inside, hue);
  }
  return color.map((value) => Math.round(255 * encodeGamma(Math.min(1, Math.max(0, value))))) as [
    number,
    number,
    number,
  ];
}

/** The sRGB transfer function (IEC 61966-2-1). */
function encodeGamma(linear: number): number {
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
}
