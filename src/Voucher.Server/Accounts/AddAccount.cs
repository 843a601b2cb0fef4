using System.Text.RegularExpressions;
using Voucher.Server.Register;

namespace Voucher.Server.Accounts;

/// <summary>
/// An operator adds a log-in. The person is known by the identity number, or by another log-in: a second log-in makes no second
/// person, and separation of duties holds.
/// </summary>
public sealed partial class AddAccount(AccountStore accounts, StaffStore staff, PersonalData personalData, TimeProvider clock)
{
    /// <param name="Institution">USCC as typed; <c>null</c> for people of the county.</param>
    /// <param name="Place">Nine digits of a township or twelve of a village, as typed; <c>null</c> for everybody else.</param>
    /// <param name="IdNumber">As typed; needed for people of the county and of institutions unless <paramref name="Person"/> is given.</param>
    /// <param name="Person">Another log-in of the same person.</param>
    public sealed record Wish(
        string Login, string Name, IReadOnlyCollection<Role> Roles, string? Institution, string? Place = null, string? IdNumber = null, string? Person = null);

    /// <summary>Whose the log-in is to be: somebody known, or whoever has the number.</summary>
    private sealed record Owner(StaffId? Known, string Name, SealedNumber? Number);

    public async Task<Outcome<AccountId>> ApplyAsync(Wish wish, string? password)
    {
        List<FieldError> errors = [];
        if (!LoginPattern().IsMatch(wish.Login)) errors.Add(new("login", new("用户名为2至32个小写字母、数字或 . _ -", "A user name has 2 to 32 of a-z, 0-9 . _ -")));
        if (wish.Name.Trim().Length is 0 or > PersonName.LongestLength) errors.Add(new("name", new("姓名为1至50个字符", "A name has 1 to 50 characters")));
        if (ChangePassword.ProblemOf(password) is { } problem) errors.Add(new("password", problem));
        if (RoleRules.ProblemOfLogin(wish.Roles) is { } clash) errors.Add(new("role", clash));
        var institution = await FindInstitutionAsync(wish, errors);
        var place = await FindPlaceAsync(wish, errors);
        if (errors.Count > 0) return errors;
        if (await accounts.FindAsync(wish.Login) is not null)
            return new List<FieldError> { new("login", new("用户名已存在；更换密码请用户自行办理", "This user name exists; its owner changes the password")) };
        var owner = await FindOwnerAsync(wish, errors);
        if (errors.Count > 0) return errors;
        return await accounts.SaveAsync(
            wish.Login, owner.Name, LogIn.HashPassword(password!), wish.Roles, institution, clock.GetUtcNow(), place, owner.Known, owner.Number);
    }

    private async Task<Owner> FindOwnerAsync(Wish wish, List<FieldError> errors)
    {
        var name = wish.Name.Trim();
        var (known, number) = (((StaffId Id, string Name)?)null, (SealedNumber?)null);
        if (wish.Person is { } login)
        {
            if (await accounts.FindAsync(login) is { } other) known = (other.Actor.Staff, other.Actor.Name);
            else errors.Add(new("person", new("没有这个用户名", "There is no such log-in")));
        }
        else if (wish.IdNumber is { } typed)
        {
            if (IdNumber.TryParse(typed, out var id) == IdNumberFault.None) number = new(personalData.LookupHash(id), personalData.Seal(id.Reveal()));
            else errors.Add(new("id-number", new("身份证件号码不对", "This is no valid identity number")));
            if (number is not null) known = await staff.ByNumberAsync(number.Hash);
        }
        else if (!wish.Roles.All(role => role.IsOfPlace()))
        {
            errors.Add(new("id-number", new(
                "请给出身份证件号码，或同一人已有的用户名：一个人有几个账号，仍是一个人",
                "Give the identity number, or another log-in of the same person: with several log-ins one is still one person")));
        }
        if (known is not { } person) return new Owner(null, name, number);
        if (person.Name != name) errors.Add(new("name", new("与这个人登记的姓名不一致", "The person is known by another name")));
        else if (RoleRules.ProblemOfPerson([.. wish.Roles, .. await staff.RolesOfAsync(person.Id)]) is { } clash) errors.Add(new("role", clash));
        return new Owner(person.Id, name, number);
    }

    private async Task<InstitutionId?> FindInstitutionAsync(Wish wish, List<FieldError> errors)
    {
        if (wish.Roles.Any(role => role.IsOfInstitution()) != (wish.Institution is not null))
            errors.Add(new("institution", new("机构岗位必须、县岗位不得写明机构", "Roles of an institution need one; roles of the county must have none")));
        if (wish.Institution is null) return null;
        var found = Uscc.TryParse(wish.Institution, out var uscc) is UsccFault.None ? await accounts.InstitutionOfAsync(uscc) : null;
        if (found is null) errors.Add(new("institution", new("没有这个统一社会信用代码的机构", "No institution has this USCC")));
        return found;
    }

    /// <summary>A role of a place needs the code of such a place; every other role must have none.</summary>
    private async Task<PlaceCode?> FindPlaceAsync(Wish wish, List<FieldError> errors)
    {
        var ofPlace = wish.Roles.Any(role => role.IsOfPlace());
        if (ofPlace != (wish.Place is not null))
            errors.Add(new("place", new("乡镇、村岗位必须、其他岗位不得写明区划代码", "Roles of a township or village need its code; other roles must have none")));
        if (!ofPlace || wish.Place is null) return null;
        if (PlaceCode.TryParse(wish.Place, out var place) && place.IsVillage == wish.Roles.Contains(Role.VillageStaff) && await accounts.IsPlaceAsync(place)) return place;
        errors.Add(new("place", new("没有这个乡镇（9位）或村（12位）", "There is no such township (9 digits) or village (12 digits)")));
        return null;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{1,31}$", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex LoginPattern();
}
