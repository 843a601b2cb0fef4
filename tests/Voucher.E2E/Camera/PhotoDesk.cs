namespace Voucher.E2E.Camera;

/// <summary>
/// Photographs things lying on a wooden desk, a little askew and a little out of focus: a browser page is the desk, its
/// canvas gives the pixels.
/// </summary>
public sealed class PhotoDesk(IBrowser browser)
{
    /// <summary>RGB to YCbCr as webcams do it (BT.601, studio range), colours averaged over two by two pixels.</summary>
    private const string Photograph = """
        async ([source, box]) => {
          const [width, height] = [1280, 720];
          const canvas = new OffscreenCanvas(width, height);
          const context = canvas.getContext('2d', { willReadFrequently: true });
          const desk = context.createLinearGradient(0, 0, width, height);
          desk.addColorStop(0, '#8a6a4a');
          desk.addColorStop(1, '#6b4f35');
          context.fillStyle = desk;
          context.fillRect(0, 0, width, height);
          if (source) {
            const image = await createImageBitmap(await (await fetch(source)).blob());
            context.filter = `blur(${box.blur}px)`;
            context.imageSmoothingQuality = 'high';
            context.translate(width / 2, height / 2);
            context.rotate(box.degrees * Math.PI / 180);
            const scale = Math.min(width * 0.9 / box.width, height * 0.94 / box.height);
            context.drawImage(image, box.x, box.y, box.width, box.height,
              -box.width * scale / 2, -box.height * scale / 2, box.width * scale, box.height * scale);
          }
          const { data } = context.getImageData(0, 0, width, height);
          const planes = new Uint8Array(width * height * 3 / 2);
          for (let i = 0; i < width * height; i++)
            planes[i] = 16 + (66 * data[4 * i] + 129 * data[4 * i + 1] + 25 * data[4 * i + 2] + 128 >> 8);
          const [half, u, v] = [width / 2, width * height, width * height * 5 / 4];
          for (let y = 0; y < height / 2; y++) {
            for (let x = 0; x < half; x++) {
              let [r, g, b] = [0, 0, 0];
              for (const at of [0, 1, width, width + 1]) {
                const i = 4 * (2 * y * width + 2 * x + at);
                r += data[i] / 4; g += data[i + 1] / 4; b += data[i + 2] / 4;
              }
              planes[u + y * half + x] = 128 + (-38 * r - 74 * g + 112 * b + 128) / 256;
              planes[v + y * half + x] = 128 + (112 * r - 94 * g - 18 * b + 128) / 256;
            }
          }
          let text = '';
          for (let i = 0; i < planes.length; i += 8192) text += String.fromCharCode(...planes.subarray(i, i + 8192));
          return btoa(text);
        }
        """;

    public Task<CameraPicture> EmptyAsync() => TakeAsync("", new Clip { Width = FakeCamera.Width, Height = FakeCamera.Height });

    /// <summary>A part of an image, as large as the camera sees it.</summary>
    /// <param name="image">JPEG or PNG.</param>
    /// <param name="part">In pixels of the image.</param>
    /// <param name="degrees">How askew it lies.</param>
    /// <param name="blur">How far out of focus, in pixels of the camera.</param>
    public Task<CameraPicture> OfAsync(ReadOnlyMemory<byte> image, Clip part, double degrees = -3, double blur = 0.6) =>
        TakeAsync($"data:image/*;base64,{Convert.ToBase64String(image.Span)}", part, degrees, blur);

    /// <summary>A larger part with the thing in its middle: it is seen from farther away.</summary>
    public static Clip Around(Clip part, float times) => new()
    {
        X = part.X - part.Width * (times - 1) / 2, Y = part.Y - part.Height * (times - 1) / 2, Width = part.Width * times, Height = part.Height * times,
    };

    private async Task<CameraPicture> TakeAsync(string source, Clip part, double degrees = 0, double blur = 0)
    {
        var page = await browser.NewPageAsync();
        try
        {
            // Playwright hands over doubles, but no floats.
            var box = new { x = (double)part.X, y = (double)part.Y, width = (double)part.Width, height = (double)part.Height, degrees, blur };
            var planes = Convert.FromBase64String(await page.EvaluateAsync<string>(Photograph, new object[] { source, box }));
            Assert.Equal(CameraPicture.Bytes, planes.Length);
            return new CameraPicture(planes);
        }
        finally
        {
            await page.CloseAsync();
        }
    }
}
