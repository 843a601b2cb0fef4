using System.Net;
using System.Net.Http.Json;
using Voucher.Server.Accounts;
using Voucher.Server.Classes;
using Voucher.Server.Institutions;
using Voucher.Server.Institutions.Marking;
using Voucher.Server.Issuing;
using Voucher.Server.Programmes;
using Voucher.Server.Programmes.Orders;
using Voucher.Server.Programmes.Teaching;
using Voucher.Server.Programmes.Trades;
using Voucher.Server.Redeeming;
using Voucher.Server.Register;
using Voucher.Server.Ledger.Budget;
using Voucher.Server.Settling.Claims;
using Voucher.Server.Settling.Payments;
using Voucher.Server.Teachers;
using Voucher.Server.Terminals;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Tests.Api;

/// <summary>A field at its bound is not named, a field one beyond it is; docs/limits.md lists what is tried here.</summary>
public sealed class BoundTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    /// <param name="Body">With the field of the given length or size; whatever else is missing is named beside it.</param>
    private sealed record Bound(string Login, string Path, string Field, int Most, Func<int, object> Body);

    private static readonly Bound[] Bounds =
    [
        new("manager", "/api/classes", "name", ClassForm.LongestName, n => new { name = Long(n) }),
        new("manager", "/api/classes", "site", ClassForm.LongestSite, n => new { site = Long(n) }),
        new("manager", "/api/classes", "capacity", ClassForm.LargestCapacity, n => new { capacity = n }),
        new("manager", "/api/classes", "endsOn", ClassForm.LongestDays, n => new { startsOn = Day(1), endsOn = Day(n) }),
        new("manager", "/api/classes", "sessions[0].hours", SessionPlan.MostHours, n => new { sessions = new[] { new { hours = n } } }),
        new("manager", "/api/claims", "voucherNumbers", SubmitClaim.MostLines, n => new { voucherNumbers = Enumerable.Repeat("x", n) }),
        new("clerk", "/api/programmes", "name", ProgrammeForm.LongestName, n => new { name = Long(n) }),
        new("clerk", "/api/programmes", "theoryHours", ProgrammeForm.MostHours, n => new { theoryHours = n }),
        new("clerk", "/api/programmes", "practiceHours", ProgrammeForm.MostHours, n => new { practiceHours = n }),
        new("clerk", "/api/programmes", "safetyHours", 2 * ProgrammeForm.MostHours, n => new { safetyHours = n }),
        new("clerk", "/api/trades", "name", TradeForm.LongestName, n => new { name = Long(n) }),
        new("clerk", "/api/trades", "code", TradeForm.LargestCode, n => new { code = n }),
        new("clerk", "/api/programmes/1/orders", "employer", OrderForm.LongestName, n => new { employer = Long(n) }),
        new("clerk", "/api/programmes/1/orders", "agency", OrderForm.LongestName, n => new { agency = Long(n) }),
        new("clerk", "/api/programmes/1/orders", "post", OrderForm.LongestPost, n => new { post = Long(n) }),
        new("clerk", "/api/programmes/1/orders", "size", OrderForm.LargestSize, n => new { size = n }),
        new("clerk", "/api/programmes/1/documents", "title", TeachingForm.LongestTitle, n => new { title = Long(n) }),
        new("clerk", "/api/programmes/1/documents", "body", TeachingForm.LongestBody, n => new { body = Long(n) }),
        new("clerk", "/api/institutions", "name", InstitutionForm.LongestName, n => new { name = Long(n) }),
        new("clerk", "/api/institutions", "address", InstitutionForm.LongestAddress, n => new { address = Long(n) }),
        new("clerk", "/api/institutions", "phone", InstitutionForm.LongestPhone, n => new { phone = new string('1', n) }),
        new("clerk", "/api/institutions", "payeeName", InstitutionForm.LongestPayee, n => new { payeeName = Long(n) }),
        new("clerk", "/api/institutions", "payeeBank", InstitutionForm.LongestPayee, n => new { payeeBank = Long(n) }),
        new("clerk", "/api/institutions", "payeeAccount", InstitutionForm.LongestAccount, n => new { payeeAccount = new string('1', n) }),
        new("clerk", "/api/teachers", "name", TeacherForm.LongestName, n => new { name = Long(n) }),
        new("clerk", "/api/teachers", "qualification", TeacherForm.LongestQualification, n => new { qualification = Long(n) }),
        new("clerk", "/api/teachers", "employer", TeacherForm.LongestEmployer, n => new { employer = Long(n) }),
        new("clerk", "/api/institutions/1/marks", "documentNo", MarkForm.LongestDocumentNo, n => new { documentNo = Long(n) }),
        new("clerk", "/api/institutions/1/marks", "helper", MarkForm.LongestHelper, n => new { kind = "Helped", helper = Long(n) }),
        new("clerk", "/api/batches", "name", BatchRequest.LongestName, n => new { name = Long(n) }),
        new("clerk", "/api/batches", "faceValueFen", (int)BatchRequest.LargestFaceValue.Value, n => new { faceValueFen = n }),
        new("clerk", "/api/batches", "people.townships", PeopleSelection.MostChoices, n => new { people = new { townships = new int[n] } }),
        new("clerk", "/api/batches", "people.lists", PeopleSelection.MostChoices, n => new { people = new { lists = new int[n] } }),
        new("clerk", "/api/batches", "people.categories", PeopleSelection.LongestCategory, n => new { people = new { categories = new[] { Long(n) } } }),
        new("clerk", "/api/batches", "people.wishes", PeopleSelection.MostChoices, n => new { people = new { wishes = new int[n] } }),
        new("clerk", "/api/batches", "people.villages", PeopleSelection.MostChoices, n => new { people = new { villages = new long[n] } }),
        new("clerk", "/api/batches", "people.idNumbers", PeopleSelection.MostNamedPeople, n => new { people = new { idNumbers = Enumerable.Repeat("11010519491231002X", n) } }),
        new("clerk", "/api/batches/9999999/hand-over", "except", HandOverRequest.MostExcept, n => new { except = Enumerable.Repeat("6229260000000001", n) }),
        new("clerk", "/api/batches", "people.ids", PeopleSelection.MostNamedPeople, n => new { people = new { ids = new long[n] } }),
        new("finance", "/api/budget-lines", "fundSource", OpenBudgetLine.LongestName, n => new { fundSource = Long(n) }),
        new("finance", "/api/budget-lines", "department", OpenBudgetLine.LongestName, n => new { department = Long(n) }),
        new("finance", "/api/budget-lines", "year", OpenBudgetLine.LastYear, n => new { year = n }),
        new("finance", "/api/budget-lines/1/allocate", "documentNo", AllocateBudget.LongestDocumentNo, n => new { documentNo = Long(n) }),
        new("finance", "/api/payments", "claimIds", MakePayment.MostClaims, n => new { claimIds = Enumerable.Range(1_000_000, n) }),
        new("clerk", "/api/terminals/pair", "name", PairTerminal.LongestName, n => new { name = Long(n) }),
        new("clerk", "/api/login", "password", LogIn.LongestPassword, n => new { login = Long(33), password = Long(n) }),
    ];

    [Fact]
    public async Task One_beyond_a_bound_names_the_field_and_the_bound_itself_does_not()
    {
        foreach (var bound in Bounds)
        {
            using var client = await server.LogInAsync(bound.Login);
            Assert.False(await NamesAsync(client, bound, bound.Most), $"{bound.Path}: {bound.Field} at {bound.Most} is refused");
            Assert.True(await NamesAsync(client, bound, bound.Most + 1), $"{bound.Path}: {bound.Field} beyond {bound.Most} is not refused");
        }
    }

    [Theory]
    [InlineData("/api/batches?page=100000", "/api/batches?page=100001")]
    [InlineData("/api/claims?page=100000", "/api/claims?page=100001")]
    [InlineData("/api/register/people?page=100000", "/api/register/people?page=100001")]
    [InlineData("/api/classes?page=100000", "/api/classes?page=100001")]
    public async Task A_page_beyond_the_last_that_may_be_asked_for_is_named(string last, string beyond)
    {
        using var clerk = await server.LogInAsync("clerk");
        using var known = await clerk.GetAsync(last);
        Assert.Equal(HttpStatusCode.OK, known.StatusCode);
        using var unknown = await clerk.GetAsync(beyond);
        Assert.Equal(["page"], await Problem.FieldsAsync(unknown));
    }

    [Fact]
    public void A_password_has_10_to_128_characters()
    {
        Assert.NotNull(ChangePassword.ProblemOf(new string('x', ChangePassword.ShortestPassword - 1)));
        Assert.Null(ChangePassword.ProblemOf(new string('x', ChangePassword.ShortestPassword)));
        Assert.Null(ChangePassword.ProblemOf(new string('x', LogIn.LongestPassword)));
        Assert.NotNull(ChangePassword.ProblemOf(new string('x', LogIn.LongestPassword + 1)));
    }

    [Fact]
    public async Task A_name_that_is_looked_for_has_at_most_50_characters()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var atLimit = await clerk.PostAsJsonAsync("/api/register/people/search", new { name = Long(RegisterEndpoints.LongestNamePrefix) });
        Assert.Equal(HttpStatusCode.OK, atLimit.StatusCode);
        using var beyond = await clerk.PostAsJsonAsync("/api/register/people/search", new { name = Long(RegisterEndpoints.LongestNamePrefix + 1) });
        Assert.Equal(["name"], await Problem.FieldsAsync(beyond));
    }

    private static async Task<bool> NamesAsync(HttpClient client, Bound bound, int size)
    {
        using var answer = await client.PostAsJsonAsync(bound.Path, bound.Body(size));
        return answer.StatusCode == HttpStatusCode.BadRequest && (await Problem.FieldsAsync(answer)).Contains(bound.Field, StringComparer.Ordinal);
    }

    private static string Long(int length) => new('长', length);

    /// <summary>The n-th day of a year far ahead, counted on beyond its end.</summary>
    private static DateOnly Day(int number) => new DateOnly(2040, 1, 1).AddDays(number - 1);
}
