using Voucher.Server.Api;
using Voucher.Server.Issuing;
using Voucher.Server.Issuing.Printing;
using Voucher.Server.Vouchers.Delivery;
using Voucher.Server.Vouchers.Reissuing;

namespace Voucher.Server.Vouchers;

/// <summary>A single voucher as the API tells it. Money in 分, days local.</summary>
/// <param name="State">As stored; <paramref name="Expired"/> is derived from today.</param>
/// <param name="Holder">Masked.</param>
/// <param name="Reissues">How often the paper was replaced before this one.</param>
/// <param name="PhonePath">Address of the holder's phone page, for those who may hand vouchers over.</param>
public sealed record VoucherAnswer(
    string Number, string ShortCode, long BatchId, string Kind, int Scope, string? ScopeName, long FaceValueFen, DateOnly ValidFrom,
    DateOnly ValidUntil, string State, bool Expired, bool InConflict, string? ReplacedBy, string? Replaces, string Holder, string? Township,
    string? ClassName, string? InstitutionName, int Reissues, string? PhonePath, IReadOnlyList<VoucherEventAnswer> Events);

public sealed record VoucherEventAnswer(
    int Number, string Kind, string State, DateTimeOffset At, string? By, string? Terminal, string? Institution, string? Class, string? Reason);

/// <param name="Number">The voucher that is now good.</param>
public sealed record VoucherNumberAnswer(string Number);

/// <param name="HandedOver">How many vouchers were recorded just now.</param>
public sealed record HandOverAnswer(int HandedOver);

/// <summary>What of the policy package went with a voucher.</summary>
/// <param name="PolicyCard">明白卡.</param>
/// <param name="ContactCard">联系卡.</param>
/// <param name="Posts">岗位信息.</param>
/// <param name="TrainingPapers">培训资料.</param>
/// <param name="Signed">The holder signed on the printed list.</param>
public sealed record DeliveryRequest(bool? PolicyCard, bool? ContactCard, bool? Posts, bool? TrainingPapers, bool? Signed)
{
    public DeliveryItems Items =>
        (PolicyCard is true ? DeliveryItems.PolicyCard : 0) | (ContactCard is true ? DeliveryItems.ContactCard : 0)
        | (Posts is true ? DeliveryItems.Posts : 0) | (TrainingPapers is true ? DeliveryItems.TrainingPapers : 0);
}

/// <param name="Township">Nine-digit code; none: the whole batch.</param>
/// <param name="Village">Twelve-digit code; none: all of them.</param>
/// <param name="Except">Numbers of vouchers that were not handed over, since nobody signed for them.</param>
/// <param name="Delivery">What went with each.</param>
public sealed record HandOverRequest(int? Township, long? Village, string[]? Except, DeliveryRequest? Delivery)
{
    public const int MostExcept = 5_000;

    public Outcome<HandedOver> Read()
    {
        var ids = new List<VoucherId>();
        foreach (var text in Except ?? [])
        {
            if (!VoucherId.TryParse(text, out var id)) return new List<FieldError> { new("except", new("有一个不是券号", "One of them is no voucher number")) };
            ids.Add(id);
        }
        if (ids.Count > MostExcept) return new List<FieldError> { new("except", new($"最多 {MostExcept} 个", $"At most {MostExcept}")) };
        return new HandedOver(Township, Village) { Except = ids, Items = Delivery?.Items ?? DeliveryItems.None, IsSigned = Delivery?.Signed ?? false };
    }
}

/// <summary>Single vouchers by HTTP. A number is sixteen digits, with or without blanks.</summary>
public static class VoucherEndpoints
{
    public static void MapVouchers(this WebApplication app)
    {
        app.MapReissues();
        var vouchers = app.MapGroup("/api/vouchers").WithTags("Vouchers");
        vouchers.MapGet("/{number}", GetAsync).RequireAuthorization(Permission.ReadBatches)
            .WithSummary("A voucher and its history").Produces<VoucherAnswer>().ProducesProblem(404);
        vouchers.MapPost("/{number}/hand-over", (string number, DeliveryRequest? request, HandOver handOver, HttpContext context) =>
                ActAsync(number, id => handOver.RunAsync(id, context.Actor(), request?.Items ?? DeliveryItems.None, request?.Signed ?? false), context))
            .RequireAuthorization(Permission.HandleVouchers)
            .WithSummary("Record that the holder has the voucher, and what of the policy package went with it").Produces<VoucherNumberAnswer>().ProducesProblem(404).ProducesProblem(409);
        vouchers.MapPost("/{number}/revoke", (string number, ReasonRequest request, RevokeVoucher revoke, HttpContext context) =>
                ActAsync(number, id => revoke.RunAsync(id, request.Reason, context.Actor()), context))
            .RequireAuthorization(Permission.HandleVouchers)
            .WithSummary("Take a voucher out of use; its money is released")
            .Produces<VoucherNumberAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        vouchers.MapPost("/{number}/replace", (string number, ReasonRequest request, ReplaceVoucher replace, HttpContext context) =>
                ActAsync(number, id => replace.RunAsync(id, request.Reason, context.Actor()), context))
            .RequireAuthorization(Permission.HandleVouchers)
            .WithSummary("Reprint under a new number; the old voucher is void at once")
            .Produces<VoucherNumberAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        vouchers.MapGet("/{number}/qr.svg", (string number, ShowCode show, HttpContext context, string ecc = "M") =>
                CodeAsync(number, ecc, show, context, code => TypedResults.Text(code.ToSvg(), "image/svg+xml")))
            .RequireAuthorization(Permission.PrintVouchers)
            .WithSummary("The QR as SVG; ecc M for screens, Q for paper").Produces<string>(200, "image/svg+xml").ProducesProblem(400).ProducesProblem(404);
        vouchers.MapGet("/{number}/qr.png", (string number, ShowCode show, HttpContext context, string ecc = "M") =>
                CodeAsync(number, ecc, show, context, code => TypedResults.Bytes(code.ToPng(), "image/png")))
            .RequireAuthorization(Permission.PrintVouchers)
            .WithSummary("The QR as PNG; ecc M for screens, Q for paper").Produces<byte[]>(200, "image/png").ProducesProblem(400).ProducesProblem(404);
        app.MapPost("/api/batches/{id:long}/hand-over", HandBatchOverAsync).RequireAuthorization(Permission.HandleVouchers).WithTags("Batches")
            .WithSummary("Record hand-over of a whole batch, or of one township or village of it").Produces<HandOverAnswer>().ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> GetAsync(
        string number, NpgsqlDataSource database, County county, PhoneKeys phones, TimeProvider clock, HttpContext context)
    {
        if (!VoucherId.TryParse(number, out var id)) return NotFound(context);
        await using var connection = await database.OpenConnectionAsync();
        if (await VoucherRecordStore.FindAsync(connection, county.Region, id) is not { } voucher) return NotFound(context);
        var history = await VoucherRecordStore.HistoryAsync(connection, id);
        var phone = context.Actor().May(Permission.HandleVouchers) ? $"/v/{phones.Of(id)}" : null;
        return TypedResults.Ok(Answer(voucher, history, phone, CountyTime.DayOf(clock.GetUtcNow())));
    }

    private static VoucherAnswer Answer(VoucherRecord voucher, IReadOnlyList<HistoryEntry> history, string? phonePath, DateOnly today) => new(
        voucher.Id.ToString(), voucher.ShortCode.ToString(), voucher.BatchId.Value, voucher.Kind.ToString(), voucher.Scope.Code, voucher.ScopeName,
        voucher.FaceValueFen.Value, voucher.ValidFrom, voucher.ValidUntil, voucher.State.ToString(), voucher.IsExpiredOn(today), voucher.InConflict,
        voucher.ReplacedBy?.ToString(), voucher.Replaces?.ToString(), PersonName.Masked(voucher.Holder), voucher.Township,
        voucher.ClassName, voucher.InstitutionName, voucher.Reissues, phonePath,
        [.. history.Select(entry => new VoucherEventAnswer(
            entry.Number, entry.Kind.ToString(), entry.To.ToString(), entry.At, entry.By, entry.Terminal, entry.Institution, entry.Class, entry.Reason))]);

    private static async Task<IResult> ActAsync(string number, Func<VoucherId, Task<Outcome<VoucherId>>> act, HttpContext context) =>
        !VoucherId.TryParse(number, out var id)
            ? NotFound(context)
            : await act(id) switch
            {
                Outcome<VoucherId>.Done(var done) => TypedResults.Ok(new VoucherNumberAnswer(done.ToString())),
                var outcome => outcome.ToHttp(context),
            };

    private static async Task<IResult> CodeAsync(string number, string ecc, ShowCode show, HttpContext context, Func<QrImage, IResult> answer)
    {
        if (ecc is not ("M" or "Q")) return Problems.Of([new FieldError("ecc", new("应为 M 或 Q", "M or Q"))], context);
        if (!VoucherId.TryParse(number, out var id)) return NotFound(context);
        context.Response.Headers.CacheControl = "no-store";
        return await show.RunAsync(id, ecc == "Q" ? QrStrength.Q : QrStrength.M) switch
        {
            Outcome<QrImage>.Done(var code) => answer(code),
            var outcome => outcome.ToHttp(context),
        };
    }

    private static async Task<IResult> HandBatchOverAsync(
        long id, HandOverRequest request, HandOver handOver, NpgsqlDataSource database, County county, HttpContext context)
    {
        if (request.Read() is not Outcome<HandedOver>.Done(var what)) return request.Read().ToHttp(context);
        await using (var connection = await database.OpenConnectionAsync())
        {
            if (await BatchStore.FindAsync(connection, county.Region, new BatchId(id)) is null) return NotFound(context);
        }
        return await handOver.RunAsync(new BatchId(id), what, context.Actor()) switch
        {
            Outcome<int>.Done(var count) => TypedResults.Ok(new HandOverAnswer(count)),
            var outcome => outcome.ToHttp(context),
        };
    }

    private static IResult NotFound(HttpContext context) => Problems.Of(Refusal.Of(RefusalCode.NotFound), context);
}
