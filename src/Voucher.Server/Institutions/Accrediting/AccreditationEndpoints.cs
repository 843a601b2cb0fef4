using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Institutions.Accrediting;

/// <summary>Accreditations over HTTP: the county all, an institution its own.</summary>
public static class AccreditationEndpoints
{
    /// <param name="Missing">What a draft still lacks, in the caller's language.</param>
    public sealed record AccreditationAnswer(
        long Id, int InstitutionId, string Institution, int Year, bool IsTakenOver, string State, string Proposal, int Capacity, int? ApprovedCapacity,
        DateOnly? ValidFrom, DateOnly? ValidUntil, DateOnly? SuspendedUntil, string SuspensionReason, string WithdrawalReason, IReadOnlyList<string> Missing);

    public sealed record AccreditationPage(IReadOnlyList<AccreditationAnswer> Accreditations, bool HasMore);

    /// <param name="Places">Practice places.</param>
    public sealed record AccreditationDetailAnswer(
        AccreditationAnswer Accreditation, string LicenceNo, string LicenceAuthority, DateOnly? LicenceFrom, DateOnly? LicenceUntil, string TenderNo,
        int Rooms, int AreaM2, IReadOnlyList<PracticePlace> Places, IReadOnlyList<int> TeacherIds, IReadOnlyList<int> RequestedProgrammes,
        IReadOnlyList<int> ApprovedProgrammes, IReadOnlyList<StepAnswer> Steps);

    /// <param name="By"><c>null</c>: nobody; time had passed.</param>
    public sealed record StepAnswer(int Number, string Step, string State, DateTimeOffset At, string? By, string Reason, string Rule);

    public sealed record StartRequest(int? InstitutionId, int? Year);

    public sealed record Started(long Id);

    /// <param name="Reason">At most 200 characters.</param>
    public sealed record ReasonRequest(string? Reason);

    /// <param name="On">Day of the visit.</param>
    /// <param name="Finding">1–500 characters.</param>
    public sealed record InspectRequest(DateOnly? On, string? Finding);

    /// <param name="Until">Last day; left out: until lifted.</param>
    public sealed record SuspendRequest(DateOnly? Until, string? Reason);

    public static void Map(WebApplication app)
    {
        var group = app.MapGroup("/api/accreditations").WithTags("Accreditations");
        group.MapGet("", ListAsync).RequireAuthorization(Permission.ReadInstitutions)
            .WithSummary("Accreditations by state, year, trade and institution, newest first").Produces<AccreditationPage>().ProducesProblem(400);
        group.MapGet("/{id:long}", FindAsync).RequireAuthorization(Permission.ReadInstitutions)
            .WithSummary("One accreditation with its application and history").Produces<AccreditationDetailAnswer>().ProducesProblem(404);
        MapDrawingUp(group);
        MapJudging(group);
        MapStopping(group);
    }

    private static void MapDrawingUp(RouteGroupBuilder group)
    {
        group.MapPost("", async (StartRequest request, DrawUpAccreditation draw, HttpContext context) =>
                await draw.StartAsync(new InstitutionId(request.InstitutionId ?? context.Actor().Institution?.Value ?? 0), request.Year, context.Actor()) switch
                {
                    Outcome<AccreditationId>.Done(var id) => TypedResults.Ok(new Started(id.Value)),
                    var outcome => outcome.ToHttp(context),
                })
            .RequireAuthorization(Permission.DrawUpAccreditation)
            .WithSummary("Begin the application of a year").Produces<Started>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        Step(group.MapPut("/{id:long}", async (long id, ApplicationForm form, DrawUpAccreditation draw, HttpContext context) =>
            (await draw.SaveAsync(new AccreditationId(id), form, context.Actor())).ToHttp(context)), Permission.DrawUpAccreditation, "Save a draft, gaps allowed");
        Step(group.MapPost("/{id:long}/submit", async (long id, DrawUpAccreditation draw, HttpContext context) =>
            (await draw.SubmitAsync(new AccreditationId(id), context.Actor())).ToHttp(context)), Permission.DrawUpAccreditation, "Hand in a complete application");
        Step(group.MapPost("/{id:long}/take-back", async (long id, DrawUpAccreditation draw, HttpContext context) =>
            (await draw.TakeBackAsync(new AccreditationId(id), context.Actor())).ToHttp(context)), Permission.DrawUpAccreditation, "Take an application back before the inspection");
    }

    private static void MapJudging(RouteGroupBuilder group)
    {
        Step(group.MapPost("/{id:long}/send-back", async (long id, ReasonRequest request, JudgeAccreditation judge, HttpContext context) =>
            (await judge.SendBackAsync(new AccreditationId(id), request.Reason, context.Actor())).ToHttp(context)), Permission.HandleAccreditation, "Send back for correction");
        Step(group.MapPost("/{id:long}/inspect", async (long id, InspectRequest request, JudgeAccreditation judge, HttpContext context) =>
            (await judge.InspectAsync(new AccreditationId(id), request.On, request.Finding, context.Actor())).ToHttp(context)), Permission.HandleAccreditation, "Record the inspection");
        Step(group.MapPost("/{id:long}/propose-grant", async (long id, GrantForm form, JudgeAccreditation judge, HttpContext context) =>
            (await judge.ProposeGrantAsync(new AccreditationId(id), form, context.Actor())).ToHttp(context)), Permission.HandleAccreditation, "Propose to grant: capacity, programmes, period");
        Step(group.MapPost("/{id:long}/propose-refusal", async (long id, ReasonRequest request, JudgeAccreditation judge, HttpContext context) =>
            (await judge.ProposeRefusalAsync(new AccreditationId(id), request.Reason, context.Actor())).ToHttp(context)), Permission.HandleAccreditation, "Propose to refuse");
        Step(group.MapPost("/{id:long}/confirm", async (long id, ReasonRequest request, JudgeAccreditation judge, HttpContext context) =>
            (await judge.ConfirmAsync(new AccreditationId(id), request.Reason, context.Actor())).ToHttp(context)), Permission.DecideAccreditation, "The second person agrees with what is proposed");
        Step(group.MapPost("/{id:long}/return", async (long id, ReasonRequest request, JudgeAccreditation judge, HttpContext context) =>
            (await judge.ReturnAsync(new AccreditationId(id), request.Reason, context.Actor())).ToHttp(context)), Permission.DecideAccreditation, "Turn down what is proposed");
    }

    private static void MapStopping(RouteGroupBuilder group)
    {
        Step(group.MapPost("/{id:long}/suspend", async (long id, SuspendRequest request, StopInstitution stop, HttpContext context) =>
            (await stop.SuspendAsync(new AccreditationId(id), request.Until, request.Reason, context.Actor())).ToHttp(context)), Permission.HandleAccreditation, "Suspend at once; a second person confirms within seven days");
        Step(group.MapPost("/{id:long}/lift", async (long id, ReasonRequest request, StopInstitution stop, HttpContext context) =>
            (await stop.LiftAsync(new AccreditationId(id), request.Reason, context.Actor())).ToHttp(context)), Permission.DecideAccreditation, "Lift a suspension");
        Step(group.MapPost("/{id:long}/propose-withdrawal", async (long id, ReasonRequest request, StopInstitution stop, HttpContext context) =>
            (await stop.ProposeWithdrawalAsync(new AccreditationId(id), request.Reason, context.Actor())).ToHttp(context)), Permission.HandleAccreditation, "Propose to withdraw; suspends at once");
    }

    private static void Step(RouteHandlerBuilder step, string permission, string summary) => step.RequireAuthorization(permission)
        .WithSummary(summary).Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);

    private static async Task<IResult> ListAsync(
        string? state, string? year, string? trade, string? institutionId, string? page, AccreditationStore accreditations, HttpContext context)
    {
        var (filter, errors) = AccreditationQuery.Read(context.Actor(), state, year, trade, institutionId, null, page);
        if (errors.Count > 0) return Problems.Of(errors, context);
        var rows = await accreditations.ListAsync(filter, PortalPage.PageSize);
        var language = Speech.LanguageOf(context);
        return TypedResults.Ok(new AccreditationPage([.. rows.Take(PortalPage.PageSize).Select(row => Answer(row, language))], rows.Count > PortalPage.PageSize));
    }

    private static async Task<IResult> FindAsync(long id, AccreditationStore accreditations, HttpContext context)
    {
        if (await accreditations.DetailAsync(new AccreditationId(id), context.Actor()) is not { } known) return Problems.Of(Refusal.Of(RefusalCode.NotFound), context);
        var (record, language) = (known.Record, Speech.LanguageOf(context));
        return TypedResults.Ok(new AccreditationDetailAnswer(
            Answer(record, language), record.LicenceNo, record.LicenceAuthority, record.LicenceFrom, record.LicenceUntil, record.TenderNo, record.Rooms, record.AreaM2,
            known.Places, [.. known.Teachers.Select(teacher => teacher.Id.Value)],
            [.. known.Programmes.Where(programme => programme.IsRequested).Select(programme => programme.Code)],
            [.. known.Programmes.Where(programme => programme.IsApproved).Select(programme => programme.Code)],
            [.. known.Steps.Select(step => new StepAnswer(
                step.Number, step.Command.ToString(), step.ToState.ToString(), step.At, context.Actor().IsCounty ? step.By : null, step.Reason, step.Rule))]));
    }

    private static AccreditationAnswer Answer(AccreditationRecord r, string language) => new(
        r.Id.Value, r.InstitutionId.Value, r.Institution, r.Year, r.IsTakenOver, r.State.ToString(), r.Proposal.ToString(), r.Capacity, r.ApprovedCapacity,
        r.ValidFrom, r.ValidUntil, r.SuspendedUntil, r.SuspensionReason, r.WithdrawalReason,
        r.State == AccreditationState.Draft ? [.. r.Dossier.Missing().Select(one => one.In(language))] : []);
}
