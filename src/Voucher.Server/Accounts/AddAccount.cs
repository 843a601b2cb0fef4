using System.Text.RegularExpressions;

namespace Voucher.Server.Accounts;

/// <summary>An operator adds a log-in.</summary>
public sealed partial class AddAccount(AccountStore accounts, TimeProvider clock)
{
    /// <param name="Institution">USCC as typed; <c>null</c> for people of the county.</param>
    /// <param name="Place">Nine digits of a township or twelve of a village, as typed; <c>null</c> for everybody else.</param>
    public sealed record Wish(string Login, string Name, IReadOnlyCollection<Role> Roles, string? Institution, string? Place = null);

    public async Task<Outcome<AccountId>> ApplyAsync(Wish wish, string? password)
    {
        List<FieldError> errors = [];
        if (!LoginPattern().IsMatch(wish.Login)) errors.Add(new("login", new("用户名为2至32个小写字母、数字或 . _ -", "A user name has 2 to 32 of a-z, 0-9 . _ -")));
        if (wish.Name.Trim().Length is 0 or > PersonName.LongestLength) errors.Add(new("name", new("姓名为1至50个字符", "A name has 1 to 50 characters")));
        if (ChangePassword.ProblemOf(password) is { } problem) errors.Add(new("password", problem));
        var institution = await FindInstitutionAsync(wish, errors);
        var place = await FindPlaceAsync(wish, errors);
        if (errors.Count > 0) return errors;
        if (await accounts.FindAsync(wish.Login) is not null)
            return new List<FieldError> { new("login", new("用户名已存在；更换密码请用户自行办理", "This user name exists; its owner changes the password")) };
        return await accounts.SaveAsync(wish.Login, wish.Name.Trim(), LogIn.HashPassword(password!), wish.Roles, institution, clock.GetUtcNow(), place);
    }

    private async Task<InstitutionId?> FindInstitutionAsync(Wish wish, List<FieldError> errors)
    {
        var belongs = wish.Roles.Any(role => role.IsOfInstitution());
        if (belongs && !wish.Roles.All(role => role.IsOfInstitution()))
            errors.Add(new("role", new("机构岗位与县岗位不能由同一账号担任", "One log-in cannot work for an institution and for the county")));
        if (belongs != (wish.Institution is not null))
            errors.Add(new("institution", new("机构岗位必须、县岗位不得写明机构", "Roles of an institution need one; roles of the county must have none")));
        if (wish.Institution is null) return null;
        var found = Uscc.TryParse(wish.Institution, out var uscc) is UsccFault.None ? await accounts.InstitutionOfAsync(uscc) : null;
        if (found is null) errors.Add(new("institution", new("没有这个统一社会信用代码的机构", "No institution has this USCC")));
        return found;
    }

    /// <summary>One role of a place needs the code of such a place; every other role must have none.</summary>
    private async Task<PlaceCode?> FindPlaceAsync(Wish wish, List<FieldError> errors)
    {
        var ofPlace = wish.Roles.Any(role => role.IsOfPlace());
        if (ofPlace && wish.Roles.Distinct().Count() > 1)
            errors.Add(new("role", new("乡镇、村岗位不能与其他岗位由同一账号担任", "A role of a township or village goes with no other role")));
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
