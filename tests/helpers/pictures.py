"""The host's screen and the console's picture of it, read by two ways that share no code with the product."""

from base64 import b64decode

import numpy as np
from PIL import Image, ImageChops
from playwright.async_api import Page
from Xlib import X
from Xlib.display import Display

ROWS = 64
"""Of one request to X, which takes 256 KiB."""
READ_CANVAS = """async (selector) => {
  await new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown)));
  const canvas = document.querySelector(selector);
  if (!canvas || canvas.width < 2) return null;
  const copy = new OffscreenCanvas(canvas.width, canvas.height);
  const pen = copy.getContext("2d", {willReadFrequently: true, colorSpace: "srgb"});
  pen.drawImage(canvas, 0, 0);
  const bytes = new Uint8Array(pen.getImageData(0, 0, copy.width, copy.height).data.buffer);
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return [canvas.width, canvas.height, btoa(text)];
}"""


def screenshot(display: str) -> Image.Image:
    """The whole X screen now, without the pointer, through XGetImage."""
    watch = Display(display)
    try:
        screen = watch.screen()
        width, height = screen.width_in_pixels, screen.height_in_pixels
        image = screen.root.get_image(0, 0, width, height, X.ZPixmap, 0xFFFFFFFF)
        data = image.data if isinstance(image.data, bytes) else image.data.encode("latin-1")
        return Image.frombytes("RGB", (width, height), data, "raw", "BGRX")
    finally:
        watch.close()


def paint_noise(display: str, seed: int, width: int = 640, height: int = 320, *, over: bool = False) -> None:
    """Put a picture that no encoder makes small behind every window, or `over` them: some 600 KB."""
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 4), dtype=np.uint8)
    watch = Display(display)
    try:
        root = watch.screen().root
        pen = root.create_gc(subwindow_mode=X.IncludeInferiors if over else X.ClipByChildren)
        for top in range(0, height, ROWS):
            strip = pixels[top : top + ROWS]
            root.put_image(pen, 0, top, width, len(strip), X.ZPixmap, watch.screen().root_depth, 0, strip.tobytes())
        watch.sync()
    finally:
        watch.close()


async def canvas_picture(page: Page, selector: str) -> Image.Image | None:
    """What the console's canvas shows; None while it shows nothing."""
    read = await page.evaluate(READ_CANVAS, selector)
    if read is None:
        return None
    width, height, pixels = read
    return Image.frombytes("RGBA", (width, height), b64decode(pixels)).convert("RGB")


def differing(one: Image.Image, other: Image.Image) -> tuple[int, int, int, int] | None:
    """The box in which two pictures differ; None when every pixel is the same. Pictures of two sizes differ everywhere."""
    if one.size != other.size:
        return (0, 0, *one.size)
    return ImageChops.difference(one, other).getbbox()
