using Voucher.Server.Api;
using Voucher.Server.Portal;
using Voucher.Server.Supervising;

namespace Voucher.Server.Classes;

/// <summary>Classes over HTTP: the county sees all, an institution its own.</summary>
public static class ClassEndpoints
{
    public sealed record ClassSaved(long Id);

    /// <param name="HasMore">There is a further page.</param>
    public sealed record ClassPage(IReadOnlyList<ClassAnswer> Classes, bool HasMore);

    /// <param name="Reason">At most 200 characters.</param>
    public sealed record RefuseRequest(string? Reason);

    /// <param name="VoucherNumber">As printed, with or without blanks.</param>
    /// <param name="Reason">At most 200 characters.</param>
    public sealed record WithdrawRequest(string? VoucherNumber, string? Reason);

    public sealed record AssessmentsSaved(int Recorded);

    public static void MapClasses(this WebApplication app)
    {
        var group = app.MapGroup("/api/classes").WithTags("Classes");
        group.MapGet("", ListAsync).RequireAuthorization(Permission.ReadClasses)
            .WithSummary("Classes, newest first; status is Submitted, Approved or Refused").Produces<ClassPage>().ProducesProblem(400);
        group.MapGet("/{id:long}", FindAsync).RequireAuthorization(Permission.ReadClasses)
            .WithSummary("One class with sessions, roster and spot checks").Produces<ClassDetailsAnswer>().ProducesProblem(404);
        group.MapGet("/{id:long}/attendance", AttendanceAsync).RequireAuthorization(Permission.ReadClasses)
            .WithSummary("Attendance sheet, from scans alone").Produces<AttendanceAnswer>().ProducesProblem(404);
        group.MapPost("", async (ClassForm form, OpenClass open, HttpContext context) => Saved(await open.RunAsync(form, context.Actor()), context))
            .RequireAuthorization(Permission.OpenClass)
            .WithSummary("Hand in a class for approval").Produces<ClassSaved>().ProducesProblem(400).ProducesProblem(409);
        group.MapPut("/{id:long}", async (long id, ClassForm form, OpenClass open, HttpContext context) =>
                Saved(await open.ResubmitAsync(new ClassId(id), form, context.Actor()), context))
            .RequireAuthorization(Permission.OpenClass)
            .WithSummary("Change a refused class and hand it in again").Produces<ClassSaved>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/{id:long}/approve", async (long id, DecideClass decide, HttpContext context) =>
                (await decide.ApproveAsync(new ClassId(id), context.Actor())).ToHttp(context))
            .RequireAuthorization(Permission.ApproveClass)
            .WithSummary("Approve a class; freezes its rate").Produces(204).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/{id:long}/refuse", async (long id, RefuseRequest request, DecideClass decide, HttpContext context) =>
                (await decide.RefuseAsync(new ClassId(id), request.Reason, context.Actor())).ToHttp(context))
            .RequireAuthorization(Permission.ApproveClass)
            .WithSummary("Refuse a class with a reason").Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/{id:long}/assessments", AssessAsync).RequireAuthorization(Permission.RecordAssessment)
            .WithSummary("Record results: all of the list or nothing").Produces<AssessmentsSaved>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/{id:long}/withdraw", async (long id, WithdrawRequest request, WithdrawTrainee withdraw, HttpContext context) =>
                (await withdraw.RunAsync(new ClassId(id), request.VoucherNumber, request.Reason, context.Actor())).ToHttp(context))
            .RequireAuthorization(Permission.WithdrawTrainee)
            .WithSummary("A trainee leaves the class; the voucher is spent").Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> ListAsync(
        string? status, string? institutionId, string? page, ClassStore classes, TimeProvider clock, HttpContext context)
    {
        var (filter, errors) = ClassQuery.Read(context.Actor(), status, institutionId, null, page);
        if (errors.Count > 0) return Problems.Of(errors, context);
        var today = CountyTime.DayOf(clock.GetUtcNow());
        var rows = await classes.ListAsync(filter, PortalPage.PageSize, today);
        return TypedResults.Ok(new ClassPage(
            [.. rows.Take(PortalPage.PageSize).Select(row => ClassAnswer.Of(row, today))], rows.Count > PortalPage.PageSize));
    }

    private static async Task<IResult> FindAsync(
        long id, ClassStore classes, AttendanceSheets sheets, RosterStore roster, SpotCheckStore checks, TimeProvider clock, HttpContext context)
    {
        if (await classes.FindAsync(new ClassId(id), context.Actor()) is not { } known) return NotFound(context);
        return TypedResults.Ok(ClassDetailsAnswer.Of(
            known, await sheets.SheetOfAsync(known.Id), await roster.ListAsync(known.Id), await checks.ListAsync(known.Id),
            context.Actor(), CountyTime.DayOf(clock.GetUtcNow())));
    }

    private static async Task<IResult> AttendanceAsync(long id, ClassStore classes, AttendanceSheets sheets, HttpContext context) =>
        await classes.FindAsync(new ClassId(id), context.Actor()) is { } known
            ? TypedResults.Ok(AttendanceAnswer.Of(await sheets.SheetOfAsync(known.Id), context.Actor()))
            : NotFound(context);

    private static async Task<IResult> AssessAsync(long id, AssessmentForm?[] results, RecordAssessments record, HttpContext context) =>
        await record.RunAsync(new ClassId(id), results, context.Actor()) switch
        {
            Outcome<int>.Done(var recorded) => TypedResults.Ok(new AssessmentsSaved(recorded)),
            var outcome => outcome.ToHttp(context),
        };

    private static IResult Saved(Outcome<ClassId> outcome, HttpContext context) => outcome switch
    {
        Outcome<ClassId>.Done(var id) => TypedResults.Ok(new ClassSaved(id.Value)),
        _ => outcome.ToHttp(context),
    };

    private static IResult NotFound(HttpContext context) => Problems.Of(Refusal.Of(RefusalCode.NotFound), context);
}
