using System.Text;
using QRCoder;
using Voucher.Core;
using Voucher.Core.Refusals;

namespace Voucher.Terminal.Lan;

/// <summary>Letting tablets in and sending them away: asked by the page at the PC, and the one question that a tablet may ask before.</summary>
internal static partial class TabletEndpoints
{
    public sealed record EnterOrder(string? Code, string? Name);

    public sealed record RemoveOrder(string? Id);

    public sealed record TabletShown(string Id, string Name, DateTimeOffset Since);

    /// <param name="Fingerprint">Of the authority, SHA-256.</param>
    public sealed record TabletsShown(bool On, IReadOnlyList<Uri> Addresses, string? Fingerprint, EntryCode? Code, int Most, IReadOnlyList<TabletShown> Tablets);

    public static void MapTablets(this WebApplication app)
    {
        var local = app.MapGroup("/local/tablets");
        local.MapGet("", Show);
        local.MapGet("/qr.svg", Qr);
        local.MapPost("/code", NewCode);
        local.MapPost("/remove", (RemoveOrder order, LanDoor door) => order.Id is { } id && door.Tablets.Remove(id) ? Results.NoContent() : Results.NotFound());
        app.MapPost("/lan/enter", Enter);
        app.MapGet("/lan/authority.crt", (LanDoor door) =>
            door.Authority is { } authority ? Results.File(authority, "application/x-x509-ca-cert", "voucher-terminal.crt") : Results.NotFound());
    }

    private static TabletsShown Show(LanDoor door) => new(
        door.IsOn, door.Addresses, door.Fingerprint, door.Tablets.Code, LanLimits.MostTablets,
        [.. door.Tablets.Tablets.Select(one => new TabletShown(one.Id, one.Name, one.Since))]);

    /// <summary>The address alone: the code is typed, so that no picture lets anybody in.</summary>
    private static IResult Qr(LanDoor door)
    {
        if (door.Addresses is not [var address, ..]) return Results.NotFound();
        using var data = QRCodeGenerator.GenerateQrCode(address.AbsoluteUri, QRCodeGenerator.ECCLevel.M);
        using var code = new SvgQRCode(data);
        return Results.Text(code.GetGraphic(8), "image/svg+xml", Encoding.UTF8);
    }

    private static IResult NewCode(LanDoor door)
    {
        if (!door.IsOn) return Results.NotFound();
        return door.Tablets.NewCode() is { } code ? Results.Ok(code) : Results.Problem(statusCode: StatusCodes.Status409Conflict);
    }

    private static IResult Enter(EnterOrder order, LanDoor door, HttpContext context, ILogger<LanDoor> log)
    {
        var name = order.Name?.Trim() ?? "";
        if (name.Length is 0 or > LanLimits.LongestName)
            return BadInput(new("name", new($"请给平板起个名字，不超过 {LanLimits.LongestName} 个字。", $"Name the tablet, at most {LanLimits.LongestName} characters.")));
        if (order.Code is not { Length: LanLimits.CodeDigits } digits)
            return BadInput(new("code", new($"接入码是 {LanLimits.CodeDigits} 位数字。", $"The code has {LanLimits.CodeDigits} digits.")));
        if (door.Tablets.LetIn(digits, name) is not { } shown)
        {
            LogWrongCode(log);
            return Results.Problem(statusCode: StatusCodes.Status403Forbidden);
        }
        LogLetIn(log, door.Tablets.Tablets.Count);
        context.Response.Cookies.Append(LanRules.Cookie, shown, new CookieOptions
        {
            HttpOnly = true, Secure = true, SameSite = SameSiteMode.Strict, Path = "/", MaxAge = LanLimits.CookieLife, IsEssential = true,
        });
        return Results.NoContent();
    }

    private static IResult BadInput(FieldError error) => Results.Problem(
        statusCode: StatusCodes.Status400BadRequest, extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["errors"] = new[] { error } });

    [LoggerMessage(3060, LogLevel.Warning, "A tablet showed a wrong code")]
    private static partial void LogWrongCode(ILogger log);

    [LoggerMessage(3061, LogLevel.Information, "A tablet was let in; there are {Count}")]
    private static partial void LogLetIn(ILogger log, int count);
}
