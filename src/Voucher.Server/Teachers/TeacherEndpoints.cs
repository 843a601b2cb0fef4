using Voucher.Server.Api;
using Voucher.Server.Classes;
using Voucher.Server.Portal;

namespace Voucher.Server.Teachers;

/// <summary>The pool of teachers over HTTP, and who teaches a class.</summary>
public static class TeacherEndpoints
{
    /// <param name="Phone">Masked; for the county only.</param>
    public sealed record TeacherAnswer(
        int Id, string Name, string Source, string Trades, string Qualification, string Phone, DateOnly EngagedFrom, DateOnly? EngagedUntil, int SessionsToCome);

    public sealed record TeacherPage(IReadOnlyList<TeacherAnswer> Teachers, bool HasMore);

    public sealed record TeacherSaved(int Id);

    /// <param name="Last">Last day; left out, today.</param>
    public sealed record LeaveRequest(DateOnly? Last, string? Reason);

    /// <param name="SessionIds">Of the class; left out: all of it.</param>
    public sealed record AssignRequest(int? TeacherId, long[]? SessionIds);

    public sealed record Assigned(int Sessions);

    public sealed record ClassTeacherAnswer(int TeacherId, string Name, string Source, int Sessions);

    public static void Map(WebApplication app)
    {
        MapPool(app.MapGroup("/api/teachers").WithTags("Teachers"));
        MapClass(app.MapGroup("/api/classes/{id:long}/teachers").WithTags("Teachers"));
    }

    private static void MapPool(RouteGroupBuilder group)
    {
        group.MapGet("", ListAsync).RequireAuthorization(Permission.ReadInstitutions)
            .WithSummary("Teachers of the pool by source and trade; those engaged today unless all=true").Produces<TeacherPage>().ProducesProblem(400);
        group.MapPost("", async (TeacherForm form, SaveTeacher save, HttpContext context) => Saved(await save.AddAsync(form, context.Actor()), context))
            .RequireAuthorization(Permission.EditTeachers).WithSummary("Take a teacher into the pool").Produces<TeacherSaved>().ProducesProblem(400);
        group.MapPut("/{id:int}", async (int id, TeacherForm form, SaveTeacher save, HttpContext context) =>
                Saved(await save.ChangeAsync(new TeacherId(id), form, context.Actor()), context))
            .RequireAuthorization(Permission.EditTeachers).WithSummary("Change a teacher; an empty phone or identity number stays as recorded")
            .Produces<TeacherSaved>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/{id:int}/leave", async (int id, LeaveRequest request, SaveTeacher save, HttpContext context) =>
                (await save.LeaveAsync(new TeacherId(id), request.Last, request.Reason, context.Actor())).ToHttp(context))
            .RequireAuthorization(Permission.EditTeachers).WithSummary("Let a teacher go").Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static void MapClass(RouteGroupBuilder group)
    {
        group.MapGet("", async (long id, ClassStore classes, AssignmentStore assignments, HttpContext context) =>
                await classes.FindAsync(new ClassId(id), context.Actor()) is { } known
                    ? TypedResults.Ok((await assignments.OfClassAsync(known.Id)).Select(one => new ClassTeacherAnswer(one.Id.Value, one.Name, one.Source.ToString(), one.Sessions)))
                    : (IResult)Problems.Of(Refusal.Of(RefusalCode.NotFound), context))
            .RequireAuthorization(Permission.ReadClasses).WithSummary("Who teaches the class").Produces<IEnumerable<ClassTeacherAnswer>>().ProducesProblem(404);
        group.MapPost("", async (long id, AssignRequest request, AssignTeacher assign, HttpContext context) =>
                await assign.RunAsync(new ClassId(id), request.TeacherId, request.SessionIds, context.Actor()) switch
                {
                    Outcome<int>.Done(var sessions) => TypedResults.Ok(new Assigned(sessions)),
                    var outcome => outcome.ToHttp(context),
                })
            .RequireAuthorization(Permission.AssignTeachers).WithSummary("Give the class, or some of its sessions, a teacher")
            .Produces<Assigned>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapDelete("/{teacherId:int}", async (long id, int teacherId, AssignTeacher assign, HttpContext context) =>
                (await assign.RemoveAsync(new ClassId(id), teacherId, context.Actor())).ToHttp(context))
            .RequireAuthorization(Permission.AssignTeachers).WithSummary("Take a teacher out of the sessions to come").Produces(204).ProducesProblem(400).ProducesProblem(404);
    }

    private static async Task<IResult> ListAsync(string? source, string? trade, string? all, string? page, TeacherStore teachers, TimeProvider clock, HttpContext context)
    {
        var (filter, errors) = TeacherQuery.Read(source, trade, all, page);
        if (errors.Count > 0) return Problems.Of(errors, context);
        var rows = await teachers.ListAsync(filter, PortalPage.PageSize, clock.GetUtcNow());
        var isCounty = context.Actor().IsCounty;
        return TypedResults.Ok(new TeacherPage(
            [.. rows.Take(PortalPage.PageSize).Select(t => new TeacherAnswer(
                t.Id.Value, t.Name, t.Source.ToString(), t.Trades, t.Qualification, isCounty ? t.PhoneMasked : "", t.EngagedFrom, t.EngagedUntil, t.Sessions))],
            rows.Count > PortalPage.PageSize));
    }

    private static IResult Saved(Outcome<TeacherId> outcome, HttpContext context) => outcome switch
    {
        Outcome<TeacherId>.Done(var id) => TypedResults.Ok(new TeacherSaved(id.Value)),
        _ => outcome.ToHttp(context),
    };
}
