using System.Text.RegularExpressions;

namespace Voucher.Server.Accounts;

/// <summary>An operator adds a log-in.</summary>
public sealed partial class AddAccount(AccountStore accounts, TimeProvider clock)
{
    /// <param name="Institution">USCC as typed; <c>null</c> for people of the county.</param>
    public sealed record Wish(string Login, string Name, IReadOnlyCollection<Role> Roles, string? Institution);

    public async Task<Outcome<AccountId>> ApplyAsync(Wish wish, string? password)
    {
        List<FieldError> errors = [];
        if (!LoginPattern().IsMatch(wish.Login)) errors.Add(new("login", new("用户名为2至32个小写字母、数字或 . _ -", "A user name has 2 to 32 of a-z, 0-9 . _ -")));
        if (wish.Name.Trim().Length is 0 or > PersonName.LongestLength) errors.Add(new("name", new("姓名为1至50个字符", "A name has 1 to 50 characters")));
        if (ChangePassword.ProblemOf(password) is { } problem) errors.Add(new("password", problem));
        var institution = await FindInstitutionAsync(wish, errors);
        if (errors.Count > 0) return errors;
        if (await accounts.FindAsync(wish.Login) is not null)
            return new List<FieldError> { new("login", new("用户名已存在；更换密码请用户自行办理", "This user name exists; its owner changes the password")) };
        return await accounts.SaveAsync(wish.Login, wish.Name.Trim(), LogIn.HashPassword(password!), wish.Roles, institution, clock.GetUtcNow());
    }

    private async Task<InstitutionId?> FindInstitutionAsync(Wish wish, List<FieldError> errors)
    {
        var belongs = wish.Roles.Any(role => role is Role.Manager or Role.FrontDesk);
        if (belongs && wish.Roles.Any(role => role is not (Role.Manager or Role.FrontDesk)))
            errors.Add(new("role", new("机构岗位与县岗位不能由同一账号担任", "One log-in cannot work for an institution and for the county")));
        if (belongs != (wish.Institution is not null))
            errors.Add(new("institution", new("机构岗位必须、县岗位不得写明机构", "Roles of an institution need one; roles of the county must have none")));
        if (wish.Institution is null) return null;
        var found = Uscc.TryParse(wish.Institution, out var uscc) is UsccFault.None ? await accounts.InstitutionOfAsync(uscc) : null;
        if (found is null) errors.Add(new("institution", new("没有这个统一社会信用代码的机构", "No institution has this USCC")));
        return found;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{1,31}$", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex LoginPattern();
}
