using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Register;

/// <summary>The register, its townships and lists over HTTP; masked throughout.</summary>
public static class RegisterEndpoints
{
    public const int LongestNamePrefix = 50;

    /// <summary>One person, masked.</summary>
    public sealed record PersonDto(
        long Id, string Name, string IdNumberMasked, bool IsMale, int BirthYear, string PhoneMasked, string? Township,
        IReadOnlyList<string> Categories, bool IsDemo);

    /// <summary>One page of people, at most 50.</summary>
    public sealed record PeopleDto(int Total, int Page, int PageSize, IReadOnlyList<PersonDto> People);

    /// <param name="IdNumber">In full; in the body, because addresses are logged.</param>
    public sealed record FindRequest(string? IdNumber);

    /// <param name="Name">First characters of it; in the body, because addresses are logged.</param>
    /// <param name="Page">From 1, which is also meant by <c>null</c>.</param>
    public sealed record SearchRequest(int? TownshipCode, string? Category, int? ListId, string? Name, int? Page);

    public static void MapRegister(this WebApplication app)
    {
        var register = app.MapGroup("/api").RequireAuthorization(Permission.ReadRegister).WithTags("Register");
        register.MapGet("/register/people", PageAsync)
            .WithSummary("People by township, category or list, masked").Produces<PeopleDto>().ProducesProblem(400).ProducesProblem(403);
        register.MapPost("/register/people/search", SearchAsync)
            .WithSummary("People by township, category, list or first characters of the name, masked")
            .Produces<PeopleDto>().ProducesProblem(400).ProducesProblem(403);
        register.MapPost("/register/people/find", FindAsync)
            .WithSummary("One person by identity number, masked").Produces<PersonDto>().ProducesProblem(400).ProducesProblem(404);
        register.MapGet("/townships", async (PersonStore people) => TypedResults.Ok(await people.TownshipsAsync()))
            .WithSummary("Townships of the county");
        register.MapGet("/register/lists", async (PersonStore people) => TypedResults.Ok(await people.ListsAsync()))
            .WithSummary("Named lists of people, with their sizes");
    }

    private static Task<IResult> PageAsync(PersonStore people, HttpContext context, int? townshipCode, string? category, int? listId, int? page) =>
        context.Request.Query.ContainsKey("name")
            ? Task.FromResult<IResult>(Problems.Of([new FieldError("name", new("姓名请用 POST /api/register/people/search", "A name belongs in POST /api/register/people/search"))], context))
            : SearchAsync(people, new(townshipCode, category, listId, Name: null, page), context);

    private static async Task<IResult> SearchAsync(PersonStore people, SearchRequest wish, HttpContext context)
    {
        List<FieldError> errors = [];
        if (ListPage.ProblemOf(wish.Page) is { } problem) errors.Add(problem);
        if (ProblemOf(wish.Name) is { } inName) errors.Add(new("name", inName));
        if (ProblemOf(wish.Category) is { } inCategory) errors.Add(new("category", inCategory));
        if (errors.Count > 0) return Problems.Of(errors, context);
        var page = wish.Page ?? 1;
        var (found, total) = await people.PageAsync(new(wish.TownshipCode, wish.Category, wish.ListId, wish.Name), page, PortalPage.PageSize);
        return TypedResults.Ok(new PeopleDto(total, page, PortalPage.PageSize, [.. found.Select(ToDto)]));
    }

    private static async Task<IResult> FindAsync(FindRequest request, PersonStore people, PersonalData personalData, HttpContext context)
    {
        if (IdNumber.TryParse(request.IdNumber, out var number) != IdNumberFault.None)
            return Problems.Of([new FieldError("idNumber", new("不是有效的身份证号码", "Not a valid identity number"))], context);
        return await people.FindAsync(personalData.LookupHash(number)) is { } id && await people.GetAsync(id) is { } person
            ? TypedResults.Ok(new PersonDto(
                person.Id.Value, person.Name, person.IdNumberMasked, person.IsMale, person.BirthDate.Year, person.PhoneMasked,
                person.Township, person.Categories, person.IsDemo))
            : Problems.Of(Refusal.Of(RefusalCode.NotFound), context);
    }

    /// <summary>What no name or category can hold and the database would refuse.</summary>
    internal static Words? ProblemOf(string? text)
    {
        if (text is null) return null;
        if (text.Length > LongestNamePrefix) return new($"最多 {LongestNamePrefix} 字", $"At most {LongestNamePrefix} characters");
        return text.Any(char.IsControl) ? new("含有不可见的控制字符", "Holds control characters") : null;
    }

    private static PersonDto ToDto(PersonLine person) => new(
        person.Id.Value, person.Name, person.IdNumberMasked, person.IsMale, person.BirthDate.Year, person.PhoneMasked, person.Township,
        person.Categories, person.IsDemo);
}
