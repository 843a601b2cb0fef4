using Voucher.Server.Api;
using Voucher.Server.Portal;
using Voucher.Server.Register.TrainingFiles;
using Voucher.Server.Register.Lists;
using Voucher.Server.Register.Places;

namespace Voucher.Server.Register;

/// <summary>The register, its places and lists over HTTP; masked throughout, and within the asker's scope.</summary>
public static class RegisterEndpoints
{
    public const int LongestNamePrefix = 50;

    /// <summary>One person, masked.</summary>
    public sealed record PersonDto(
        long Id, string Name, string IdNumberMasked, bool IsMale, int BirthYear, string PhoneMasked, string? Township,
        IReadOnlyList<string> Categories, bool IsDemo, string? Village, string Employment);

    /// <summary>One page of people, at most 50.</summary>
    public sealed record PeopleDto(int Total, int Page, int PageSize, IReadOnlyList<PersonDto> People);

    /// <param name="IdNumber">In full; in the body, because addresses are logged.</param>
    public sealed record FindRequest(string? IdNumber);

    /// <param name="Name">First characters of it; in the body, because addresses are logged.</param>
    /// <param name="Page">From 1, which is also meant by <c>null</c>.</param>
    /// <param name="VillageCode">Twelve digits.</param>
    /// <param name="Employment">A name of <see cref="EmploymentState"/>.</param>
    /// <param name="WishTrade">Code of a trade that the people wish to learn.</param>
    /// <param name="HouseholdNumber">In the body, as the name.</param>
    /// <param name="Derived"><c>demand</c> or <c>attending</c>: a list that follows from what is recorded.</param>
    public sealed record SearchRequest(
        int? TownshipCode, string? Category, int? ListId, string? Name, int? Page, long? VillageCode = null, string? Employment = null,
        int? WishTrade = null, string? HouseholdNumber = null, string? Derived = null);

    /// <param name="TradeCodes">All that the person wishes to learn; an empty list empties it.</param>
    public sealed record WishesRequest(int[]? TradeCodes);

    public static void MapRegister(this WebApplication app)
    {
        var register = app.MapGroup("/api").RequireAuthorization(Permission.ReadPeople).WithTags("Register");
        register.MapGet("/register/people", PageAsync)
            .WithSummary("People by place, category, list, employment or wish, masked").Produces<PeopleDto>().ProducesProblem(400).ProducesProblem(403);
        register.MapPost("/register/people/search", SearchAsync)
            .WithSummary("The same, also by household or first characters of the name")
            .Produces<PeopleDto>().ProducesProblem(400).ProducesProblem(403);
        register.MapPost("/register/people/find", FindAsync)
            .WithSummary("One person by identity number, masked").Produces<PersonDto>().ProducesProblem(400).ProducesProblem(404);
        register.MapGet("/register/people/{id:long}/file", FileAsync)
            .WithSummary("Training file of a person (学员档案); an institution is shown its own part").Produces<TrainingFileAnswer>().ProducesProblem(404);
        register.MapPut("/register/people/{id:long}/wishes", RecordWishesAsync).RequireAuthorization(Permission.RecordWishes)
            .WithSummary("Record what a person wishes to learn").Produces(204).ProducesProblem(400).ProducesProblem(404);
        var places = app.MapGroup("/api").RequireAuthorization(Permission.ReadHouseholds).WithTags("Register");
        places.MapGet("/townships", async (PersonStore people) => TypedResults.Ok(await people.TownshipsAsync()))
            .WithSummary("Townships of the county");
        places.MapGet("/villages", async (PlaceStore store, int? townshipCode) => TypedResults.Ok(await store.ChoicesAsync(townshipCode)))
            .WithSummary("Villages of a township, or of the county");
        places.MapGet("/register/lists", async (ListStore lists, HttpContext context) => TypedResults.Ok(await lists.AllAsync(RegisterScope.Of(context.Actor()))))
            .WithSummary("Lists of people; whom the asker does not see is not counted");
    }

    private static Task<IResult> PageAsync(
        PersonStore people, HttpContext context, int? townshipCode, string? category, int? listId, int? page, long? villageCode, string? employment,
        int? wishTrade, string? derived)
    {
        foreach (var field in new[] { "name", "householdNumber" })
            if (context.Request.Query.ContainsKey(field))
                return Task.FromResult<IResult>(Problems.Of([new FieldError(field, new("请用 POST /api/register/people/search", "This belongs in POST /api/register/people/search"))], context));
        return SearchAsync(people, new(townshipCode, category, listId, Name: null, page, villageCode, employment, wishTrade, HouseholdNumber: null, derived), context);
    }

    private static async Task<IResult> SearchAsync(PersonStore people, SearchRequest wish, HttpContext context)
    {
        List<FieldError> errors = [];
        if (ListPage.ProblemOf(wish.Page) is { } problem) errors.Add(problem);
        if (ProblemOf(wish.Name) is { } inName) errors.Add(new("name", inName));
        if (ProblemOf(wish.Category) is { } inCategory) errors.Add(new("category", inCategory));
        if (ProblemOf(wish.HouseholdNumber) is { } inNumber) errors.Add(new("householdNumber", inNumber));
        EmploymentState? employment = EmploymentStates.All.Where(state => state.ToString() == wish.Employment).Select(state => (EmploymentState?)state).FirstOrDefault();
        if (!string.IsNullOrEmpty(wish.Employment) && employment is null) errors.Add(new("employment", new("没有这种就业状态", "There is no such employment state")));
        var derived = DerivedLists.Named(wish.Derived);
        if (!string.IsNullOrEmpty(wish.Derived) && derived is null) errors.Add(new("derived", new("应为 demand 或 attending", "Must be demand or attending")));
        errors.AddRange(HiddenOf(wish, context.Actor()));
        if (errors.Count > 0) return Problems.Of(errors, context);
        var page = wish.Page ?? 1;
        var filter = new PeopleFilter(
            wish.TownshipCode, NullIfEmpty(wish.Category), wish.ListId, wish.Name, wish.VillageCode, employment, wish.WishTrade, NullIfEmpty(wish.HouseholdNumber), derived ?? DerivedList.None);
        var (found, total) = await people.PageAsync(RegisterScope.Of(context.Actor()), filter, page, PortalPage.PageSize);
        return TypedResults.Ok(new PeopleDto(total, page, PortalPage.PageSize, [.. found.Select(person => ToDto(person.For(context.Actor())))]));
    }

    /// <summary>What an institution is not shown, it cannot ask for either.</summary>
    private static IEnumerable<FieldError> HiddenOf(SearchRequest wish, Actor actor) =>
        new (string Field, object? Asked)[]
        {
            ("category", wish.Category), ("listId", wish.ListId), ("villageCode", wish.VillageCode), ("employment", wish.Employment),
            ("wishTrade", wish.WishTrade), ("householdNumber", wish.HouseholdNumber), ("derived", wish.Derived),
        }.Where(filter => TraineeView.ProblemOf(filter.Asked, actor) is not null)
        .Select(filter => new FieldError(filter.Field, TraineeView.ProblemOf(filter.Asked, actor)!));

    private static async Task<IResult> FindAsync(FindRequest request, PersonStore people, PersonalData personalData, HttpContext context)
    {
        if (IdNumber.TryParse(request.IdNumber, out var number) != IdNumberFault.None)
            return Problems.Of([new FieldError("idNumber", new("不是有效的身份证号码", "Not a valid identity number"))], context);
        var scope = RegisterScope.Of(context.Actor());
        return await people.FindAsync(scope, personalData.LookupHash(number)) is { } id && (await people.GetAsync(scope, id))?.For(context.Actor()) is { } person
            ? TypedResults.Ok(new PersonDto(
                person.Id.Value, person.Name, person.IdNumberMasked, person.IsMale, person.BirthDate.Year, person.PhoneMasked,
                person.Township, person.Categories, person.IsDemo, person.Village, person.Employment.ToString()))
            : Problems.Of(Refusal.Of(RefusalCode.NotFound), context);
    }

    private static async Task<IResult> FileAsync(long id, ReadTrainingFile files, HttpContext context) =>
        await files.OfAsync(new PersonId(id), context.Actor()) is { } file ? TypedResults.Ok(TrainingFileAnswer.Of(file)) : Problems.Of(Refusal.Of(RefusalCode.NotFound), context);

    private static async Task<IResult> RecordWishesAsync(long id, WishesRequest request, ChangePerson change, HttpContext context) =>
        (await change.RecordWishesAsync(new PersonId(id), request.TradeCodes, context.Actor())).ToHttp(context);

    /// <summary>What no name or category can hold and the database would refuse.</summary>
    internal static Words? ProblemOf(string? text)
    {
        if (text is null) return null;
        if (text.Length > LongestNamePrefix) return new($"最多 {LongestNamePrefix} 字", $"At most {LongestNamePrefix} characters");
        return text.Any(char.IsControl) ? new("含有不可见的控制字符", "Holds control characters") : null;
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static PersonDto ToDto(PersonLine person) => new(
        person.Id.Value, person.Name, person.IdNumberMasked, person.IsMale, person.BirthDate.Year, person.PhoneMasked, person.Township,
        person.Categories, person.IsDemo, person.Village, person.Employment.ToString());
}
